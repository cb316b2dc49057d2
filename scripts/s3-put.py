"""Puts a file into a bucket, which is made where there is none: what an S3 client does, with nothing but Python.

    s3-put.py URL REGION FILE BUCKET KEY        with S3_ACCESS_KEY and S3_SECRET_KEY in the environment

Signed as "Signature Calculations for the Authorization Header" of the S3 API reference has it, the payload unsigned.
"""
import datetime
import hashlib
import hmac
import os
import sys
import urllib.error
import urllib.parse
import urllib.request

url, region, path, bucket, key = sys.argv[1:]
access, secret = os.environ['S3_ACCESS_KEY'], os.environ['S3_SECRET_KEY']


def put(target, body):
    now = datetime.datetime.now(datetime.timezone.utc).strftime('%Y%m%dT%H%M%SZ')
    scope = f'{now[:8]}/{region}/s3/aws4_request'
    headers = {'host': urllib.parse.urlsplit(url).netloc, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD', 'x-amz-date': now}
    signed = ';'.join(sorted(headers))
    canonical = '\n'.join(['PUT', target, '', *(f'{name}:{headers[name]}' for name in sorted(headers)), '', signed, 'UNSIGNED-PAYLOAD'])
    told = '\n'.join(['AWS4-HMAC-SHA256', now, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    signing = ('AWS4' + secret).encode()
    for part in scope.split('/'):
        signing = hmac.new(signing, part.encode(), hashlib.sha256).digest()
    headers['authorization'] = (f'AWS4-HMAC-SHA256 Credential={access}/{scope}, SignedHeaders={signed}, '
                                f'Signature={hmac.new(signing, told.encode(), hashlib.sha256).hexdigest()}')
    urllib.request.urlopen(urllib.request.Request(url.rstrip('/') + target, body, headers, method='PUT')).close()


try:
    put(f'/{bucket}', b'')
except urllib.error.HTTPError as refusal:
    if refusal.code != 409: # it is there
        raise
with open(path, 'rb') as file:
    put(f'/{bucket}/{urllib.parse.quote(key)}', file.read())
print(f's3://{bucket}/{key}')
