"""A provider of stock photos and videos for demonstrations: it speaks the JSON of Pexels's API, on loopback, with pictures that a seed has made.

    stock-demo.py PORT FOLDER

FOLDER has catalogue.json, a list of { "id", "type": "photo" or "video", "file", "width", "height", "seconds", "title", "tags" }, and those files. What is asked for
is found by any of its words.
"""
import http.server
import json
import os
import sys
from urllib.parse import parse_qs, quote, unquote, urlsplit

port, folder = int(sys.argv[1]), sys.argv[2]
base = f'http://127.0.0.1:{port}'


def catalogue():
    with open(os.path.join(folder, 'catalogue.json'), encoding='utf-8') as file:
        return json.load(file)


def page(item):
    return f'{base}/{item["type"]}/{item["id"]}/'


def photo(item):
    link = f'{base}/files/{quote(item["file"])}'
    return {'id': item['id'], 'width': item['width'], 'height': item['height'], 'url': page(item), 'photographer': 'MediaPlatform', 'alt': item['title'], 'src': {'original': link}}


def video(item):
    file = {'id': item['id'], 'quality': 'hd', 'file_type': 'video/mp4', 'width': item['width'], 'height': item['height'], 'link': f'{base}/files/{quote(item["file"])}'}
    return {'id': item['id'], 'width': item['width'], 'height': item['height'], 'duration': item['seconds'], 'url': page(item), 'user': {'name': 'MediaPlatform'}, 'video_files': [file]}


class Provider(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def do_GET(self):
        address = urlsplit(self.path)
        if address.path.startswith('/files/'):
            self.send_file(os.path.basename(unquote(address.path)))
        elif address.path in ('/v1/search', '/videos/search'):
            kind, name, shape = ('photo', 'photos', photo) if address.path == '/v1/search' else ('video', 'videos', video)
            asked = parse_qs(address.query)
            words = set(asked.get('query', [''])[0].lower().split())
            found = [item for item in catalogue() if item['type'] == kind and words & set(item['tags'])]
            shown = found[:int(asked.get('per_page', ['15'])[0])]
            self.send(200, 'application/json', json.dumps({'page': 1, 'per_page': len(shown), 'total_results': len(found), name: [shape(item) for item in shown]}).encode())
        else:
            self.send(404, 'text/plain', b'')

    def send_file(self, name):
        known = any(item['file'] == name for item in catalogue())
        if not known:
            self.send(404, 'text/plain', b'')
            return
        with open(os.path.join(folder, name), 'rb') as file:
            self.send(200, 'video/mp4' if name.endswith('.mp4') else 'image/jpeg', file.read())

    def send(self, status, kind, body):
        self.send_response(status)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)


http.server.ThreadingHTTPServer(('127.0.0.1', port), Provider).serve_forever()
