import type { RequestLine } from '../../../../cli/log/live-news.ts';
import { Bar } from './bar.tsx';
import { milliseconds } from './format.ts';

/** Where the time went: at the origin, verifying, in the rest of the edge. */
export function Timings({ line }: { readonly line: RequestLine }) {
  const { totalMs, originMs = 0, verifyMs = 0, vcpuMs } = line;
  const edgeMs = Math.max(0, totalMs - originMs - verifyMs);
  const parts = [
    { name: 'Origin', ms: originMs },
    { name: 'Verification', ms: verifyMs },
    { name: 'Edge', ms: edgeMs },
  ];
  const scale = Math.max(totalMs, originMs + verifyMs, 1);
  return (
    <div className="timings">
      <h3>Time: {milliseconds(totalMs)}</h3>
      <dl>
        {parts.map(({ name, ms }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <Bar share={ms / scale} />
              {milliseconds(ms)}
            </dd>
          </div>
        ))}
      </dl>
      {vcpuMs !== undefined && <p className="soft">of it {milliseconds(vcpuMs)} of vCPU</p>}
    </div>
  );
}
