/** Offers and answers as WebRTC programs write them: addresses, credentials and some codecs of other kinds are left out. */

const FINGERPRINT =
  "a=fingerprint:sha-256 5E:47:71:30:EA:35:40:48:40:B7:86:19:3F:63:D3:52:E3:15:F5:25:66:1C:A3:A2:7F:41:A2:10:27:C2:7D:44";
const FEEDBACK = ["goog-remb", "transport-cc", "ccm fir", "nack", "nack pli"];

function lines(...parts: readonly (string | readonly string[])[]): string {
  return `${parts.flat().join("\r\n")}\r\n`;
}

function h264(payloadType: number, parameters: string, rtx: number): string[] {
  return [
    `a=rtpmap:${payloadType} H264/90000`,
    ...FEEDBACK.map((kind) => `a=rtcp-fb:${payloadType} ${kind}`),
    `a=fmtp:${payloadType} ${parameters}`,
    `a=rtpmap:${rtx} rtx/90000`,
    `a=fmtp:${rtx} apt=${payloadType}`,
  ];
}

function chromiumTransport(mid: string): string[] {
  return [
    "c=IN IP4 0.0.0.0",
    "a=rtcp:9 IN IP4 0.0.0.0",
    "a=candidate:3275184408 1 udp 2113937151 94a04949-4ea4-48bd-b135-dcf2b882d372.local 34184 typ host generation 0 network-cost 999",
    "a=candidate:842163049 1 udp 1677729535 192.0.2.44 46154 typ srflx raddr 0.0.0.0 rport 0 generation 0 network-cost 999",
    "a=ice-ufrag:b3y6",
    "a=ice-pwd:l8lauDCrTPC5ngqcZatJxuKm",
    "a=ice-options:trickle",
    FINGERPRINT,
    "a=setup:actpass",
    `a=mid:${mid}`,
  ];
}

const CHROMIUM_VIDEO = [
  "m=video 9 UDP/TLS/RTP/SAVPF 96 97 102 103 104 107 108 109 116 117 41 42 118 119 120 49",
  ...chromiumTransport("0"),
  "a=extmap:1 urn:ietf:params:rtp-hdrext:toffset",
  "a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
  "a=extmap:4 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
  "a=extmap:5 http://www.webrtc.org/experiments/rtp-hdrext/playout-delay",
  "a=extmap:9 urn:ietf:params:rtp-hdrext:sdes:mid",
  "a=recvonly",
  "a=rtcp-mux",
  "a=rtcp-rsize",
  "a=rtpmap:96 VP8/90000",
  "a=rtcp-fb:96 nack",
  "a=rtpmap:97 rtx/90000",
  "a=fmtp:97 apt=96",
  ...h264(102, "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f", 103),
  ...h264(104, "level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42e01f", 107),
  ...h264(108, "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f", 109),
  ...h264(116, "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=4d001f", 117),
  ...h264(41, "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=f4001f", 42),
  "a=rtpmap:118 red/90000",
  "a=rtpmap:119 rtx/90000",
  "a=fmtp:119 apt=118",
  "a=rtpmap:120 ulpfec/90000",
  "a=rtpmap:49 flexfec-03/90000",
  "a=fmtp:49 repair-window=10000000",
];

const CHROMIUM_DATA = [
  "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
  ...chromiumTransport("1"),
  "a=sctp-port:5000",
  "a=max-message-size:262144",
];

/** As Chromium 156 offers to receive video, with data channels. */
export const CHROMIUM_OFFER = lines(
  "v=0",
  "o=- 2122861450450793752 2 IN IP4 127.0.0.1",
  "s=-",
  "t=0 0",
  "a=group:BUNDLE 0 1",
  "a=extmap-allow-mixed",
  "a=msid-semantic: WMS",
  CHROMIUM_VIDEO,
  CHROMIUM_DATA,
);

/** As Chromium offers sound and video with `bundlePolicy: "max-bundle"`: only the sound describes the transport. */
export const CHROMIUM_MAX_BUNDLE_OFFER = lines(
  "v=0",
  "o=- 8012486372105418 2 IN IP4 127.0.0.1",
  "s=-",
  "t=0 0",
  "a=group:BUNDLE a 0",
  "m=audio 9 UDP/TLS/RTP/SAVPF 111 63",
  chromiumTransport("a"),
  "a=recvonly",
  "a=rtcp-mux",
  "a=rtpmap:111 opus/48000/2",
  "a=fmtp:111 minptime=10;useinbandfec=1",
  "a=rtpmap:63 red/48000/2",
  CHROMIUM_VIDEO.filter((line) => !/^a=(ice|fingerprint|setup|candidate)/.test(line)).map((line) =>
    line.replace("m=video 9", "m=video 0"),
  ),
  "a=bundle-only",
);

/** As Firefox offers to receive video: what holds for all sections stands before them, and there is no FlexFEC. */
export const FIREFOX_OFFER = lines(
  "v=0",
  "o=mozilla...THIS_IS_SDPARTA-99.0 5190318372465017 0 IN IP4 0.0.0.0",
  "s=-",
  "t=0 0",
  "a=sendrecv",
  FINGERPRINT.replace("sha-256 5E", "sha-256 AE"),
  "a=group:BUNDLE 0",
  "a=ice-options:trickle",
  "a=msid-semantic:WMS *",
  "m=video 9 UDP/TLS/RTP/SAVPF 120 124 126 127 97 98 123 122 119",
  "c=IN IP4 0.0.0.0",
  "a=recvonly",
  "a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid",
  "a=extmap:4 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
  "a=extmap:5 urn:ietf:params:rtp-hdrext:toffset",
  "a=extmap:6/recvonly http://www.webrtc.org/experiments/rtp-hdrext/playout-delay",
  "a=extmap:7 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
  "a=fmtp:126 profile-level-id=42e01f;level-asymmetry-allowed=1;packetization-mode=1",
  "a=fmtp:97 profile-level-id=42e01f;level-asymmetry-allowed=1",
  "a=fmtp:120 max-fs=12288;max-fr=60",
  "a=fmtp:124 apt=120",
  "a=fmtp:127 apt=126",
  "a=fmtp:98 apt=97",
  "a=fmtp:119 apt=122",
  "a=ice-pwd:b2d5ad3e4fd0a0d8a6f0f1f0f4a0c2d1",
  "a=ice-ufrag:6a8f0c2b",
  "a=mid:0",
  "a=rtcp-fb:120 nack",
  "a=rtcp-fb:126 nack",
  "a=rtcp-fb:126 nack pli",
  "a=rtcp-fb:126 ccm fir",
  "a=rtcp-fb:126 goog-remb",
  "a=rtcp-fb:126 transport-cc",
  "a=rtcp-mux",
  "a=rtcp-rsize",
  "a=rtpmap:120 VP8/90000",
  "a=rtpmap:124 rtx/90000",
  "a=rtpmap:126 H264/90000",
  "a=rtpmap:127 rtx/90000",
  "a=rtpmap:97 H264/90000",
  "a=rtpmap:98 rtx/90000",
  "a=rtpmap:123 ulpfec/90000",
  "a=rtpmap:122 red/90000",
  "a=rtpmap:119 rtx/90000",
  "a=setup:actpass",
  "a=ssrc:3102571183 cname:{0c5a8c1d-3f7e-4c33-9d0e-1b8a0d8b7b59}",
);

/** As Safari offers: H.264 of high profile first. */
export const SAFARI_OFFER = lines(
  "v=0",
  "o=- 5190318372465017 2 IN IP4 127.0.0.1",
  "s=-",
  "t=0 0",
  "a=group:BUNDLE 0",
  "a=msid-semantic: WMS",
  "m=video 9 UDP/TLS/RTP/SAVPF 96 97 98 99",
  chromiumTransport("0"),
  "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
  "a=recvonly",
  "a=rtcp-mux",
  h264(96, "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=640c1f", 97),
  h264(98, "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f", 99),
);

/** As a WHEP server on pion (such as MediaMTX) answers {@link CHROMIUM_OFFER}'s like: video only, data channels refused. */
export const PION_ANSWER = lines(
  "v=0",
  "o=- 3846151824 1700000000 IN IP4 0.0.0.0",
  "s=-",
  "t=0 0",
  "a=msid-semantic:WMS*",
  FINGERPRINT,
  "a=extmap-allow-mixed",
  "a=group:BUNDLE 0",
  "m=video 9 UDP/TLS/RTP/SAVPF 98 99",
  "c=IN IP4 0.0.0.0",
  "a=setup:active",
  "a=mid:0",
  "a=ice-ufrag:EsAwPmSPMXKSqVqV",
  "a=ice-pwd:EhpXxJuoxYScMBvcjHTwIYvCJfjVYJzD",
  "a=rtcp-mux",
  "a=rtcp-rsize",
  "a=rtpmap:98 H264/90000",
  "a=fmtp:98 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e034",
  "a=rtpmap:99 rtx/90000",
  "a=fmtp:99 apt=98",
  "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
  "a=ssrc-group:FID 2566107569 1234512345",
  "a=ssrc:2566107569 cname:mediamtx",
  "a=sendonly",
  "a=candidate:2286278519 1 udp 2130706431 192.0.2.7 8189 typ host",
  "a=candidate:2286278519 2 udp 2130706431 192.0.2.7 8189 typ host",
  "a=end-of-candidates",
  "m=application 0 UDP/DTLS/SCTP webrtc-datachannel",
  "c=IN IP4 0.0.0.0",
  "a=mid:1",
);

/** Every offer above. */
export const REAL_OFFERS: readonly string[] = [CHROMIUM_OFFER, CHROMIUM_MAX_BUNDLE_OFFER, FIREFOX_OFFER, SAFARI_OFFER];
