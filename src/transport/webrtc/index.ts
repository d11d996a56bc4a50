export type { MessageChannels } from "./message-channel.js";
export { WebRtcReceiver } from "./receiver.js";
export { WebRtcSender } from "./sender.js";
export { UdpMux } from "./udp-mux.js";
