import type uPlot from 'uplot';
import { clock } from './format.ts';

/** Of the axis of time: a phone has room for three labels. */
const STEPS_SECONDS = [5, 10, 15, 30, 60, 120, 180, 300, 600, 900, 1200, 1800];

/** The chart in the colours of the page. */
export function chartOptions(
  widthPx: number,
  heightPx: number,
  style: CSSStyleDeclaration,
  range: () => [number, number],
): uPlot.Options {
  // A probe, because the value of a custom property with light-dark() is not resolved by itself.
  const [text, ratio, rate] = [style.color, style.accentColor, style.outlineColor];
  const grid = { stroke: style.borderTopColor, width: 1 };
  const axis = { stroke: text, grid, ticks: grid, font: '12px system-ui' };
  return {
    width: widthPx,
    height: heightPx,
    cursor: { y: false },
    legend: { live: true },
    hooks: { setCursor: [showLatest], setData: [showLatest] },
    scales: {
      x: { range },
      percent: { range: [0, 100] },
      rate: { range: (_plot, _min, max) => [0, Math.max(1, max)] },
    },
    axes: [
      { ...axis, space: 80, size: 32, incrs: STEPS_SECONDS, values: timesOf },
      { ...axis, scale: 'percent', size: 48, values: (_plot, ticks) => ticks.map((tick) => `${tick} %`) },
      { ...axis, scale: 'rate', side: 1, size: 40, grid: { show: false } },
    ],
    series: [
      {},
      {
        label: 'Hit ratio',
        scale: 'percent',
        stroke: ratio,
        width: 2,
        spanGaps: true,
        value: (_plot, value) => (value === null ? '–' : `${value.toFixed(0)} %`),
      },
      {
        label: 'Requests/s',
        scale: 'rate',
        stroke: rate,
        width: 1.5,
        // Dashed: the two can be told apart without their colours.
        dash: [4, 3],
        points: { show: false },
        value: (_plot, value) => (value === null ? '–' : value.toFixed(1)),
      },
    ],
  };
}

/** uPlot makes its first tick whether or not it is within the chart: its label would hang over the edge, cut off. */
function timesOf({ scales }: uPlot, ticks: number[]): string[] {
  const end = scales.x?.max ?? Number.POSITIVE_INFINITY;
  return ticks.map((tick) => (tick > end ? '' : clock(tick * 1000)));
}

/** Where nobody points at a time, the legend tells the newest values. */
function showLatest(plot: uPlot): void {
  if ((plot.cursor.left ?? -1) >= 0) return;
  const idxs = plot.data.map((values) => values.findLastIndex((value) => value !== null));
  plot.setLegend({ idxs: idxs.map((index) => (index < 0 ? null : index)) }, false);
}
