"""Recommendations for new customers over HTTP: POST /recommend, POST /feedback, GET /health.

    uv run --extra serve python -m helpers.service

listens on 127.0.0.1 only, unless told otherwise; `http://127.0.0.1:8000/docs` is its documentation,
made from its own OpenAPI description, and loads nothing from elsewhere. Without `--model` it uses
`my_online.skops`, and trains that on the simulated shop the first time.

One process, one core: what is known of a visitor lives in memory. With `--log my_feedback.jsonl`
every decision (with its propensities) and every answer to it is appended to that file and read
again at the next start. It has no login: put it behind something that has one before others can
reach it.
"""
