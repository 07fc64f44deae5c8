/** Charts, loaded only by pages that have one. The numbers stand in a table beside it; the picture is for the eye. */
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, LineChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

/** Draws `<div data-chart="ID">` from the JSON in `<script type="application/json" id="ID">`. */
function draw(place: HTMLElement): void {
  const told = document.getElementById(place.dataset.chart ?? "")?.textContent;
  if (!told) return;
  const chart = init(place, document.documentElement.dataset.bsTheme === "dark" ? "dark" : undefined);
  chart.setOption({ animation: false, backgroundColor: "transparent", aria: { show: true }, ...JSON.parse(told) });
  new ResizeObserver(() => chart.resize()).observe(place);
}

document.querySelectorAll<HTMLElement>("[data-chart]").forEach(draw);
