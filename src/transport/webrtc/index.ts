export { MessageChannel, type MessageChannels } from "./message-channel.js";
export type { PeerListener } from "./peer.js";
export { type WebRtcOfferOptions, WebRtcReceiver } from "./receiver.js";
export { type NegotiableMedia, type NegotiatedMedia, type WebRtcAnswerOptions, WebRtcSender } from "./sender.js";
export { UdpMux } from "./udp-mux.js";
