import { sparklinePath, sparklineTop } from "../figures/latency-history.js";
import type { Reading } from "../figures/stream-meter.js";
import { useWords } from "../language/language.js";

/** The sparkline's own units; it is stretched to the panel's width. */
const LINE = { width: 240, height: 44 };

/** The live figures of a stream, with the latency of the last minute as a line. */
export function FiguresPanel({ reading }: { readonly reading: Reading | undefined }) {
  const words = useWords();
  const figures = reading?.figures;
  return (
    <section class="figures" aria-label={words.figures}>
      <dl class="latency">
        <dt>{words.latency}</dt>
        <dd>{latencyText(reading, words.unknown)}</dd>
      </dl>
      {reading && <Sparkline reading={reading} />}
      <dl class="rows">
        <Row name={words.frameRate} value={figures && `${Math.round(figures.framesPerSecond)} fps`} />
        <Row name={words.bitrate} value={figures && `${megabits(figures.bitrateBps)} Mb/s`} />
        <Row name={words.loss} value={figures && percent(figures.loss)} />
        <Row name={words.repaired} value={figures && String(figures.repaired)} />
        <Row name={words.size} value={figures && `${figures.width} × ${figures.height}`} detail={figures?.codec} />
      </dl>
    </section>
  );
}

function latencyText(reading: Reading | undefined, unknown: string) {
  if (reading?.latencyMs === undefined) {
    return (
      <>
        <span aria-hidden="true">—</span>
        <span class="visually-hidden">{unknown}</span>
      </>
    );
  }
  const uncertainty = Math.round(reading.uncertaintyMs);
  return (
    <>
      {Math.round(reading.latencyMs)}
      <span class="unit"> ms{uncertainty > 0 && ` ± ${uncertainty}`}</span>
    </>
  );
}

function Sparkline({ reading: { points, now } }: { readonly reading: Reading }) {
  const words = useWords();
  const topMs = sparklineTop(points);
  const line = sparklinePath(points, { ...LINE, now, topMs });
  const area = line && `${line}V${LINE.height}H${line.slice(1).split(" ", 1)[0]}Z`;
  return (
    <div class="sparkline">
      <svg
        viewBox={`0 0 ${LINE.width} ${LINE.height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={words.latencyTrend}
      >
        <path class="area" d={area} />
        <path class="line" d={line} />
      </svg>
      <span aria-hidden="true">{topMs} ms</span>
    </div>
  );
}

interface RowProps {
  readonly name: string;
  readonly value: string | undefined;
  readonly detail?: string | undefined;
}

function Row({ name, value = "—", detail }: RowProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value}
        {detail !== undefined && detail !== "" && <small>{detail}</small>}
      </dd>
    </div>
  );
}

function megabits(bitsPerSecond: number): string {
  const value = bitsPerSecond / 1e6;
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
}
