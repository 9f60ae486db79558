"""`uv run python -m helpers.simulator` writes all simulated files under data/ anew."""

from helpers.files import DATA
from helpers.simulator import marginals, simulate
from helpers.simulator.storage import write_all


def main() -> None:
    """Simulate, measure, write; print the figures beside their bands and the size of the folder."""
    shop, truth = simulate()
    print(shop)
    print(marginals(shop, truth).to_string(float_format="{:.3f}".format))
    write_all(shop, truth)
    size = sum(path.stat().st_size for path in DATA.rglob("*") if path.is_file())
    print(f"{DATA.name}/ now holds {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
