import type { MetricFamily, MetricSample, StreamDescription } from "../../server/index.js";
import type { ShareStatistics, ViewerStatistics } from "../share-types.js";

/** What is measured of a share, as Prometheus wants it. */
export function linkMetrics(statistics: ShareStatistics, streams: readonly StreamDescription[]): MetricFamily[] {
  const { captureFps, encodedFps, encodedBitrateBps, framesDropped, encodeMs, viewers } = statistics;
  return [
    gauge(
      "viewers",
      "Viewers connected.",
      streams.map(({ id, viewers: value }) => ({ labels: { stream: id }, value })),
    ),
    gauge("capture_fps", "Pictures captured a second, of all streams.", just(captureFps)),
    gauge("encoded_fps", "Frames encoded a second, of all encodings.", just(encodedFps)),
    gauge("encoded_bits_per_second", "Encoded bits a second, of all encodings.", just(encodedBitrateBps)),
    gauge("encode_seconds", "Median time to convert and encode a frame.", just(encodeMs / 1_000)),
    counter(
      "frames_dropped_total",
      "Pictures dropped because the encoder or the network was busy.",
      just(framesDropped),
    ),
    counter(
      "viewer_packets_sent_total",
      "RTP packets of the media sent to a viewer.",
      each(viewers, (v) => v.packetsSent),
    ),
    counter(
      "viewer_packets_resent_total",
      "Packets that a viewer asked for again.",
      each(viewers, (v) => v.packetsResent),
    ),
    gauge(
      "viewer_bits_per_second",
      "All that is sent to a viewer, headers included.",
      each(viewers, (v) => v.bitrateBps),
    ),
    gauge(
      "viewer_target_bits_per_second",
      "What congestion control allows.",
      each(viewers, (v) => v.targetBitrateBps),
    ),
    gauge(
      "viewer_loss_ratio",
      "Share of the packets that a viewer last reported lost.",
      each(viewers, (v) => v.lossFraction),
    ),
    gauge(
      "viewer_round_trip_seconds",
      "Round trip to a viewer.",
      each(viewers, (v) => seconds(v.roundTripMs)),
    ),
    gauge(
      "viewer_on_low_rung",
      "1 for a viewer that gets the smaller picture.",
      each(viewers, (v) => Number(v.rung === "low")),
    ),
  ];
}

function gauge(name: string, help: string, samples: readonly MetricSample[]): MetricFamily {
  return { name, help, type: "gauge", samples };
}

function counter(name: string, help: string, samples: readonly MetricSample[]): MetricFamily {
  return { name, help, type: "counter", samples };
}

function just(value: number): MetricSample[] {
  return [{ labels: {}, value }];
}

function each(
  viewers: readonly ViewerStatistics[],
  valueIn: (viewer: ViewerStatistics) => number | undefined,
): MetricSample[] {
  return viewers.flatMap((statistics) => {
    const { viewer, stream } = statistics;
    const value = valueIn(statistics);
    return value === undefined ? [] : [{ labels: { viewer, stream }, value }];
  });
}

function seconds(valueMs: number | undefined): number | undefined {
  return valueMs === undefined ? undefined : valueMs / 1_000;
}
