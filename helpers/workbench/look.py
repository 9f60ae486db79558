"""How the workbench looks, beyond what its widgets bring: tabs that wrap, a place to drop a file,
cards that are buttons, links."""

from __future__ import annotations

STYLE = """<style>
.workbench { max-width: 100%; }
.jupyter-widgets.jupyter-widget-tab.workbench > .lm-TabBar {
  min-height: 0; height: auto; overflow: visible; }
.jupyter-widgets.jupyter-widget-tab.workbench > .lm-TabBar .lm-TabBar-content {
  flex-wrap: wrap; height: auto; }
.jupyter-widgets.jupyter-widget-tab.workbench > .lm-TabBar .lm-TabBar-tab { flex: 0 0 auto;
  max-width: none; min-width: 0; line-height: 30px; padding: 0 12px; color: #333;
  transform: none; }
.jupyter-widgets.jupyter-widget-tab.workbench > .lm-TabBar .lm-TabBar-tab.lm-mod-current {
  color: #000; font-weight: 600; }
.jupyter-widgets.jupyter-widget-tab.workbench > .lm-TabBar .lm-TabBar-tabLabel {
  overflow: visible; }
.workbench .widget-html, .workbench .widget-html-content { max-width: 100%; height: auto; }
.workbench .widget-html-content { line-height: 1.45; font-size: 14px; }
.workbench .widget-html-content p { margin: .4em 0; }
.workbench .widget-html-content pre { overflow-x: auto; }
.workbench .widget-text, .workbench .widget-dropdown { max-width: calc(100% - 6px); }
.workbench .widget-label { color: #222; }
.workbench .widget-html-content :is(td, th) { padding: 2px 10px 2px 0; }
.workbench h2 { font-size: 20px; margin: .3em 0; }
.workbench button.workbench-drop { width: 100%; min-height: 110px; height: auto; margin: 4px 0;
  border: 2px dashed #4a6f94; border-radius: 10px; background: #f3f8fd; color: #123;
  font-size: 18px; line-height: 1.4; white-space: normal; }
.workbench button.workbench-link { background: none; border: 0; box-shadow: none; color: #004a86;
  text-decoration: underline; width: auto; height: auto; padding: 4px 6px; white-space: normal;
  text-align: left; line-height: 1.4; font-size: 14px; }
.workbench button.workbench-card { flex: 1 1 210px; max-width: 330px; width: auto; height: auto;
  min-height: 120px; white-space: pre-line; text-align: left; line-height: 1.4; font-size: 14px;
  padding: 12px 14px; border: 1px solid #8aa; border-radius: 10px; background: #f8fbfe;
  color: #222; vertical-align: top; display: block; }
.workbench button.workbench-card::first-line { font-size: 18px; font-weight: 600; }
.workbench button:focus-visible { outline: 3px solid #0072b2; outline-offset: 1px; }
.workbench .workbench-light { display: inline-block; width: .8em; height: .8em; margin-right: .5em;
  border-radius: 50%; }
.workbench .workbench-group { flex: 1 1 230px; max-width: 330px; border: 1px solid #8aa;
  border-radius: 10px; padding: 10px 14px; background: #f8fbfe; }
.workbench .workbench-groups { display: flex; flex-wrap: wrap; gap: 10px; }
.workbench .workbench-group b { font-size: 17px; }
</style>"""
