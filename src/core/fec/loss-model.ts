/** How a path loses packets. */
export interface LossProcess {
  /** The part of the packets that is lost: 0 … 1. */
  readonly rate: number;
  /** The mean number of packets lost in a row: at least 1. */
  readonly meanBurst: number;
}

/**
 * The probability that more than `tolerated` of `packets` packets are lost, under Gilbert's model: a chain of two states in
 * one of which everything is lost.
 *
 * @param stride - how far apart the packets are in the order of sending: 1 for consecutive ones, more for interleaved blocks
 */
export function probabilityOfMoreLost(
  { rate, meanBurst }: LossProcess,
  {
    packets,
    tolerated,
    stride = 1,
  }: { readonly packets: number; readonly tolerated: number; readonly stride?: number },
): number {
  if (rate <= 0 || tolerated >= packets) return 0;
  if (rate >= 1) return 1;
  // Losses that know nothing of each other come in runs of 1 / (1 − rate); a shorter mean would be repulsion.
  const leave = Math.min(1 / meanBurst, 1 - rate);
  const enter = (rate * leave) / (1 - rate);
  const memory = (1 - enter - leave) ** stride;
  const toLost = rate * (1 - memory);
  const toReceived = (1 - rate) * (1 - memory);

  // By the number of losses so far, up to those tolerated: the probability to be there with the last packet received or lost.
  const received = new Float64Array(tolerated + 1);
  const lost = new Float64Array(tolerated + 1);
  received[0] = 1 - rate;
  if (tolerated > 0) lost[1] = rate;
  for (let packet = 1; packet < packets; packet++) {
    for (let losses = Math.min(tolerated, packet + 1); losses >= 0; losses--) {
      const wasReceived = received[losses]!;
      const fewer = losses === 0 ? 0 : received[losses - 1]! * toLost + lost[losses - 1]! * (1 - toReceived);
      received[losses] = wasReceived * (1 - toLost) + lost[losses]! * toReceived;
      lost[losses] = fewer;
    }
  }
  let within = 0;
  for (let losses = 0; losses <= tolerated; losses++) within += received[losses]! + lost[losses]!;
  return Math.max(1 - within, 0);
}
