"""Which phones can reach this installation: https that they trust, at an address that it still has."""

import os
from collections.abc import Iterator
from datetime import timedelta

from shouwang.keeping.certificates import expires, may_sign_for, own_addresses
from shouwang.keeping.finding import Finding, Place

WAYS = "看 docs/how-to/https.md 里的三种办法"
LONG_SILENT, SOON = timedelta(days=1), timedelta(days=30)
PHONES = "SELECT count(*) FROM devices_device WHERE revoked_at IS NULL"
SILENT = (
    "SELECT coalesce(string_agg(coalesce(nullif(label, ''), right(id::text, 4)), '、' ORDER BY last_seen_at), ''), count(*)"
    " FROM devices_device WHERE revoked_at IS NULL AND last_seen_at < %s"
)


def reach(place: Place) -> Iterator[Finding]:
    """Where there are phones there is https, by a name in front or by our own certificate."""
    authority = place.data / "secrets" / "tls" / "authority.crt"
    if not place.one(PHONES):
        return
    if os.environ.get("SHOUWANG_HTTPS") != "1" and not authority.exists():
        yield Finding("phones_without_https", "登记了手机，可是没有 https", "手机的相机和离线都用不了", WAYS)
    if authority.exists():
        yield from _own_certificate(place)


def silence(place: Place) -> Iterator[Finding]:
    """Every phone was here within a day."""
    names, many = place.rows(SILENT, place.now - LONG_SILENT)[0]
    if many:
        yield Finding(
            "phones_silent",
            f"{many} 部手机一天没有联系：{names[:60]}",
            "上面可能有没传的记录",
            "给拿手机的人打电话；不用的手机在“工作手机”页上停用",
        )


def _own_certificate(place: Place) -> Iterator[Finding]:
    folder = place.data / "secrets" / "tls"
    lost = [one for one in own_addresses() if not may_sign_for(folder / "authority.crt", [one])]
    if lost and len(lost) == len(own_addresses()):
        yield Finding(
            "tls_other_address",
            f"电脑的地址变成了 {lost[0]}",
            "装过证书的手机连不上",
            "请让路由器给这台电脑固定原来的地址；或者重新运行 shouwang serve --tls，每部手机再装一次",
        )
    server = folder / "server.crt"
    if server.exists() and expires(server) < place.now + SOON:
        yield Finding(
            "tls_expires", "网页的证书快到期了", "到期以后手机连不上", "重新运行 shouwang serve --tls"
        )


LOOKS = (reach, silence)
