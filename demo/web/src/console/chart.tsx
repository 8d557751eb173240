import { useEffect, useRef } from 'react';
import './speakable-language.ts';
import uPlot from 'uplot';
import type { Counts, LiveNews } from '../../../../cli/log/live-news.ts';
import 'uplot/dist/uPlot.min.css';
import { axisRange, chartData, chartRows, summary } from './chart-data.ts';
import { chartOptions } from './chart-options.ts';
import { ChartRows } from './chart-rows.tsx';
import { type Minutes, spanText } from './views.ts';

const HEIGHT_PX = 200;

export interface ChartProps {
  readonly state: LiveNews | null;
  readonly counts: Counts | null;
  readonly minutes: Minutes;
}

/** Hit ratio and requests of a span, of which the axis shows every minute. The same stands in a table. */
export function Chart({ state, counts, minutes }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const latest = useRef({ state, minutes });

  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const draw = () => {
      plot.current?.destroy();
      const range = () => axisRange(latest.current.state, latest.current.minutes);
      const options = chartOptions(element.clientWidth, HEIGHT_PX, getComputedStyle(element), range);
      plot.current = new uPlot(options, chartData(latest.current.state, latest.current.minutes), element);
    };
    draw();
    const size = new ResizeObserver(() =>
      plot.current?.setSize({ width: element.clientWidth, height: HEIGHT_PX }),
    );
    size.observe(element);
    // A canvas does not follow the colours of the page by itself.
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', draw);
    return () => {
      size.disconnect();
      dark.removeEventListener('change', draw);
      plot.current?.destroy();
    };
  }, []);

  useEffect(() => {
    latest.current = { state, minutes };
    plot.current?.setData(chartData(state, minutes));
  }, [state, minutes]);

  return (
    <section className="card" aria-labelledby="chart-title">
      <h2 id="chart-title">Hit ratio and requests, {spanText(minutes)}</h2>
      <div ref={place} className="chart" role="img" aria-label={summary(counts, minutes)} />
      <details>
        <summary>As a table</summary>
        <ChartRows rows={state === null ? [] : chartRows(state, minutes)} />
      </details>
    </section>
  );
}
