import { useEffect, useRef } from 'react';
import './speakable-language.ts';
import uPlot from 'uplot';
import type { Snapshot } from '../../../../cli/log/snapshot.ts';
import 'uplot/dist/uPlot.min.css';
import { chartData, summary } from './chart-data.ts';
import { chartOptions } from './chart-options.ts';
import { MinuteTable } from './minute-table.tsx';

const HEIGHT_PX = 220;

/** Hit ratio and requests of the last ten minutes. The same stands in a table, for whoever cannot see a picture. */
export function Chart({ snapshot }: { readonly snapshot: Snapshot | null }) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const latest = useRef(snapshot);

  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const draw = () => {
      plot.current?.destroy();
      const options = chartOptions(element.clientWidth, HEIGHT_PX, getComputedStyle(element));
      plot.current = new uPlot(options, chartData(latest.current), element);
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
    latest.current = snapshot;
    plot.current?.setData(chartData(snapshot));
  }, [snapshot]);

  return (
    <section className="card" aria-labelledby="chart-title">
      <h2 id="chart-title">The last ten minutes</h2>
      <div ref={place} className="chart" role="img" aria-label={summary(snapshot)} />
      <details>
        <summary>As a table</summary>
        <MinuteTable snapshot={snapshot} />
      </details>
    </section>
  );
}
