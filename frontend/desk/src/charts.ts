/** The line of the day, drawn from the numbers of the table below it. Loaded when it comes into sight, never before. */
import { LineChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import { init, use, type EChartsType } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([LineChart, GridComponent, TooltipComponent, SVGRenderer]);

const MIDNIGHT = 24;
const drawn = new WeakMap<Element, EChartsType>();

/** Draws `<div data-chart="ID">` from `<table id="ID">`: a column is a line, a row the hour in its `data-at`; to midnight, or `data-until`. */
export function draw(place: HTMLElement): void {
  const table = document.getElementById(place.dataset.chart ?? "");
  if (!(table instanceof HTMLTableElement)) return;
  const chart = drawn.get(place) ?? begun(place);
  const rows = [...table.querySelectorAll<HTMLTableRowElement>("tbody tr")];
  const heads = [...table.querySelectorAll<HTMLTableCellElement>("thead th")];
  const lines = heads.slice(1).map((head, index) => line(head, rows, index + 1));
  const until = Number(place.dataset.until ?? MIDNIGHT);
  chart.setOption({ ...frame(rows, until, parseFloat(getComputedStyle(place).fontSize)), series: lines });
  fitPaper(place);
}

/** Paper is narrower than a screen: the drawing shrinks as a whole. */
function fitPaper(place: HTMLElement): void {
  place.querySelector("svg")?.setAttribute("viewBox", `0 0 ${place.clientWidth} ${place.clientHeight}`);
}

function begun(place: HTMLElement): EChartsType {
  const chart = init(place, null, { renderer: "svg" });
  drawn.set(place, chart);
  new ResizeObserver(() => {
    if (window.matchMedia("print").matches) return;
    chart.resize();
    fitPaper(place);
  }).observe(place);
  return chart;
}

/** One column as a line; its colour and dashes stand in the heading, so that words and line look alike. */
function line(head: HTMLTableCellElement, rows: HTMLTableRowElement[], index: number): object {
  const looks = getComputedStyle(head.querySelector("i") ?? head);
  const told = rows.map((row) => [Number(row.dataset.at), row.cells[index]?.textContent?.trim()]);
  return {
    name: head.textContent?.trim(),
    type: "line",
    symbol: "none",
    animation: false,
    color: looks.color,
    lineStyle: { width: looks.borderTopStyle === "dashed" ? 2 : 3, type: looks.borderTopStyle },
    data: told.filter(([, number]) => number).map(([at, number]) => [at, Number(number)]),
  };
}

function frame(rows: HTMLTableRowElement[], until: number, letters: number): object {
  const page = getComputedStyle(document.documentElement);
  const colour = (name: string): string => page.getPropertyValue(name).trim();
  const hours = rows.map((row) => Number(row.dataset.at));
  const axis = { axisLabel: { color: colour("--sw-soft"), fontSize: letters * 0.875, hideOverlap: true } };
  return {
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 8, right: 20, top: 16, bottom: 4, containLabel: true },
    xAxis: {
      ...axis,
      type: "value",
      min: Math.min(...hours),
      max: until,
      minInterval: 1,
      axisLabel: { ...axis.axisLabel, formatter: clock },
      axisLine: { lineStyle: { color: colour("--sw-line") } },
      splitLine: { show: false },
    },
    yAxis: { ...axis, type: "value", min: 0, minInterval: 1, splitLine: { lineStyle: { color: colour("--sw-line") } } },
    tooltip: {
      trigger: "axis",
      backgroundColor: colour("--sw-sheet"),
      borderColor: colour("--sw-line"),
      textStyle: { color: colour("--sw-ink"), fontSize: letters },
      axisPointer: { label: { show: false }, lineStyle: { color: colour("--sw-soft") } },
      formatter: (points: { axisValue: number; marker: string; seriesName: string; value: number[] }[]) =>
        [clock(points[0]?.axisValue ?? 0), ...points.map((one) => `${one.marker}${one.seriesName} ${one.value[1]}`)].join("<br>"),
    },
  };
}

function clock(hour: number): string {
  const minutes = Math.round((hour % 1) * 60);
  return `${Math.floor(hour)}:${String(minutes).padStart(2, "0")}`;
}
