export { chooseVideo, type SendableVideo, type VideoAgreement, type VideoFeedback } from "./choose-video.js";
export type { ChromaFormat } from "./h264-profile.js";
export { type IceCandidate, parseIceCandidate, writeIceCandidate } from "./ice-candidate.js";
export { parseCandidateFragment, parseWebRtcDescription } from "./parse-webrtc.js";
export * from "./webrtc-description.js";
export { type SentStreams, type WebRtcAnswer, writeWebRtcAnswer } from "./write-answer.js";
