"""A program that knows nothing of Sightline: one JPEG in one UDP datagram, sent or received with the usual Python libraries.

jpeg_peer.py send PORT PICTURE     sends the picture to this machine, ten times a second, until it is killed
jpeg_peer.py receive PORT COUNT    takes COUNT datagrams and prints a line of JSON for each: bytes, width, height, and the mean
                                   colour (RGB) as Pillow and as OpenCV decode it; the last one is left in the file "received.jpg"
"""

import io
import json
import socket
import sys
import time

import cv2
import numpy
from PIL import Image


def send(port, picture):
    encoded = io.BytesIO()
    Image.open(picture).convert("RGB").save(encoded, "JPEG", quality=90)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        while True:
            out.sendto(encoded.getvalue(), ("127.0.0.1", port))
            time.sleep(0.1)


def receive(port, count):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as inlet:
        inlet.bind(("127.0.0.1", port))
        print(json.dumps({"listening": port}), flush=True)
        for _ in range(count):
            data = inlet.recv(65536)
            by_pillow = numpy.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
            by_opencv = cv2.imdecode(numpy.frombuffer(data, numpy.uint8), cv2.IMREAD_COLOR)[:, :, ::-1]
            height, width = by_pillow.shape[:2]
            means = [[float(mean) for mean in picture.mean(axis=(0, 1))] for picture in (by_pillow, by_opencv)]
            line = {"bytes": len(data), "width": width, "height": height, "pillow": means[0], "opencv": means[1]}
            print(json.dumps(line), flush=True)
        with open("received.jpg", "wb") as file:
            file.write(data)


if __name__ == "__main__":
    if sys.argv[1] == "send":
        send(int(sys.argv[2]), sys.argv[3])
    else:
        receive(int(sys.argv[2]), int(sys.argv[3]))
