export type { ReceiverCapabilities } from "./receiver-capabilities.js";
export type {
  ReceivedFrame,
  ReceiverEvent,
  ReceiverInput,
  ReceiverOutput,
  RtpReceiverOptions,
} from "./receiver-types.js";
export { RtpReceiver } from "./rtp-receiver.js";
export { RtpSender } from "./rtp-sender.js";
export type { RtpSenderOptions, SenderEvent, SenderInput, SenderOutput } from "./sender-types.js";
export type { StillMessage, StillStreamOptions } from "./still-stream.js";
