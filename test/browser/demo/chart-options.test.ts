import type uPlot from 'uplot';
import { expect, it } from 'vitest';
import { chartOptions } from '../../../demo/web/src/console/chart-options.ts';
import { clock } from '../../../demo/web/src/console/format.ts';

const axis = chartOptions(300, 220, {} as CSSStyleDeclaration, () => [0, 1]).axes?.[0];

it('a tick behind the end of the chart has no label, which would hang over the edge', () => {
  const values = axis?.values as (plot: uPlot, ticks: number[]) => string[];
  const plot = { scales: { x: { max: 1_000 } } } as unknown as uPlot;
  expect(values(plot, [900, 1_000, 1_100])).toEqual([clock(900_000), clock(1_000_000), '']);
});

it('a phone has steps for each length that the chart can have, from one minute to an hour', () => {
  // 200 px of it are the picture, and a label takes 80.
  const steps = axis?.incrs as number[];
  for (const spanSeconds of [60, 600, 3600]) {
    const step = steps.find((seconds) => (seconds * 200) / spanSeconds >= 80) ?? Number.POSITIVE_INFINITY;
    expect(step, String(spanSeconds)).toBeLessThan(spanSeconds);
  }
});
