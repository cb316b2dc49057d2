"""One server of OpenStack Swift without its init scripts, or its rings.

    s3-server.py ring OBJECT_PORT CONTAINER_PORT ACCOUNT_PORT
    s3-server.py object|container|account|proxy

Runs in the directory that holds swift.conf, the rings and the servers' settings.
"""
import os
import sys

from swift.common import utils

here = os.getcwd() + '/'
utils.SWIFT_CONF_FILE = here + 'swift.conf'
kind = sys.argv[1]

if kind == 'ring':
    from swift.common.ring import RingBuilder

    for name, port in zip(('object', 'container', 'account'), map(int, sys.argv[2:])):
        builder = RingBuilder(part_power=4, replicas=1, min_part_hours=0)
        builder.add_dev(dict(region=1, zone=1, ip='127.0.0.1', port=port, device='d1', weight=1,
                             replication_ip='127.0.0.1', replication_port=port))
        builder.rebalance()
        builder.get_ring().save(name + '.ring.gz')
else:
    from swift.common.wsgi import run_wsgi

    extra = {}
    if kind == 'object':
        from swift.obj.server import global_conf_callback
        extra['global_conf_callback'] = global_conf_callback
    sys.exit(run_wsgi(here + kind + '-server.conf', kind + '-server', verbose=True, **extra))
