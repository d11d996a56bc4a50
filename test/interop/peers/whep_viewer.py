"""A WHEP player (draft-ietf-wish-whep) that knows nothing of Sightline: GStreamer's webrtcbin and plain HTTP requests.

whep_viewer.py URL PICTURE     watches the stream at the WHEP endpoint URL until SIGTERM; leaves each picture it sees in the file
                               PICTURE (PNG), and prints lines of JSON for what happens
"""

import json
import signal
import sys
import urllib.error
import urllib.parse
import urllib.request

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

H264 = (
    "application/x-rtp,media=video,encoding-name=H264,clock-rate=90000,payload=96,"
    "packetization-mode=(string)1,profile-level-id=(string)42e01f,level-asymmetry-allowed=(string)1"
)
PLAYER = "rtph264depay ! h264parse ! avdec_h264 ! videoconvert ! pngenc ! multifilesink location={}"


def tell(**what):
    print(json.dumps(what), flush=True)


class WhepViewer:
    def __init__(self, url, picture):
        self.url = url
        self.picture = picture
        self.session = None
        self.pipeline = Gst.Pipeline()
        self.webrtc = Gst.ElementFactory.make("webrtcbin")
        self.webrtc.set_property("bundle-policy", GstWebRTC.WebRTCBundlePolicy.MAX_BUNDLE)
        self.pipeline.add(self.webrtc)
        self.webrtc.connect("pad-added", self.on_pad)
        self.webrtc.connect("notify::ice-gathering-state", self.on_gathering)
        self.webrtc.connect("notify::connection-state", self.on_connection)
        self.pipeline.set_state(Gst.State.PLAYING)
        recvonly = GstWebRTC.WebRTCRTPTransceiverDirection.RECVONLY
        self.webrtc.emit("add-transceiver", recvonly, Gst.Caps.from_string(H264))
        self.webrtc.emit("create-offer", None, Gst.Promise.new_with_change_func(self.on_offer))

    def on_offer(self, promise):
        reply = promise.get_reply()  # the offer lives as long as this
        offer = reply.get_value("offer")
        self.webrtc.emit("set-local-description", offer, None)

    def on_gathering(self, webrtc, _property):
        if webrtc.get_property("ice-gathering-state") == GstWebRTC.WebRTCICEGatheringState.COMPLETE:
            GLib.idle_add(self.exchange)

    def exchange(self):
        offer = self.webrtc.get_property("local-description").sdp.as_text()
        status, headers, body = self.request(self.url, "POST", offer, {"Content-Type": "application/sdp"})
        tell(status=status, type=headers.get("Content-Type"), etag=headers.get("ETag"))
        if status != 201:
            return
        self.session = urllib.parse.urljoin(self.url, headers["Location"])
        _, message = GstSdp.SDPMessage.new_from_text(body)
        answer = GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.ANSWER, message)
        self.webrtc.emit("set-remote-description", answer, None)

    def on_connection(self, webrtc, _property):
        tell(connection=webrtc.get_property("connection-state").value_nick)

    def on_pad(self, _webrtc, pad):
        player = Gst.parse_bin_from_description(PLAYER.format(self.picture), True)
        self.pipeline.add(player)
        player.sync_state_with_parent()
        pad.link(player.get_static_pad("sink"))

    def end(self):
        if self.session:
            status, _, _ = self.request(self.session, "DELETE")
            tell(ended=status)
        self.pipeline.set_state(Gst.State.NULL)

    def request(self, url, method, body=None, headers={}):
        data = body.encode() if body else None
        try:
            with urllib.request.urlopen(urllib.request.Request(url, data, headers, method=method)) as response:
                return response.status, response.headers, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode()


Gst.init(None)
viewer = WhepViewer(sys.argv[1], sys.argv[2])
loop = GLib.MainLoop()

GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, signal.SIGTERM, loop.quit)
loop.run()
viewer.end()
