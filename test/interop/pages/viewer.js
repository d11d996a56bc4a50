// A viewer as a plain WHEP page is one: offers to receive video, shows it, and sends back what comes on the data channels.

const CHANNELS = ["sightline.masks", "sightline.tiles", "sightline.pointer"];
let connection;

/** The offer, without waiting for candidates. */
globalThis.offerToReceive = async ({ withAudio, withChannels, bundlePolicy = "balanced" }) => {
  connection = new RTCPeerConnection({ bundlePolicy });
  if (withAudio) connection.addTransceiver("audio", { direction: "recvonly" });
  connection.addTransceiver("video", { direction: "recvonly" });
  if (withChannels) CHANNELS.forEach(echoOn);
  connection.ontrack = ({ track, streams }) => {
    if (track.kind !== "video") return;
    const video = document.createElement("video");
    video.muted = true;
    video.autoplay = true;
    video.srcObject = streams[0] ?? new MediaStream([track]);
    document.body.append(video);
  };
  await connection.setLocalDescription();
  return connection.localDescription.sdp;
};

globalThis.acceptAnswer = (sdp) => connection.setRemoteDescription({ type: "answer", sdp });

globalThis.leave = () => connection.close();

/** What is counted of the video (RTCInboundRtpStreamStats of the W3C's webrtc-stats). */
globalThis.inboundVideo = async () => {
  const report = await connection.getStats();
  const found = [...report.values()].find(({ type, kind }) => type === "inbound-rtp" && kind === "video");
  return { framesDecoded: 0, ...found };
};

function echoOn(label, index) {
  const isReliable = label === "sightline.tiles";
  const channel = connection.createDataChannel(label, {
    negotiated: true,
    id: index + 1,
    ...(isReliable ? {} : { ordered: false, maxRetransmits: 0 }),
  });
  channel.binaryType = "arraybuffer";
  channel.onmessage = ({ data }) => channel.send(data);
}
