"""Koine between the peers: its configuration for one provider, and the IDLs it derives."""
import collections
import functools
import pathlib
import shutil
import subprocess

import yaml

from .cases import CONTRACT

THRIFT_INTERFACE = "koine.interop.contract.Interop"
GRPC_INTERFACE = "koine.interop.v1.InteropService"
NEWER_INTERFACE = "koine.interop.newer.Newer"
THIRD_INTERFACE = "koine.interop.third.Trials"
DUBBO_INTERFACE = "koine.interop.shop.InteropService"
DUBBO_KEYS = (DUBBO_INTERFACE, f"blue/{DUBBO_INTERFACE}:2.0.0")  # without and with a group and a version
UNTYPED = ("dubbo", "triple")  # protocols of services without a schema
SABOTAGE_KINDS = ("swap_fields", "wrap_sign", "drop_presence", "exchange_answers")

# By whose they are.
SCHEMAS = {"thrift": CONTRACT / "contract.thrift", "grpc": CONTRACT / "contract.proto", "third": CONTRACT / "third.thrift",
            "java": CONTRACT / "java" / "koine" / "interop" / "shop" / "InteropService.java"}
_INTERFACES = {"thrift": THRIFT_INTERFACE, "grpc": GRPC_INTERFACE, "third": THIRD_INTERFACE, "java": DUBBO_INTERFACE}
_JAVA = SCHEMAS["java"].relative_to(CONTRACT)
_DERIVED = (
    ("contract.thrift", "proto", "contract.proto"), ("contract.proto", "thrift", "contract.thrift"), ("newer.thrift", "proto", "newer.proto"),
    (_JAVA, "thrift", "java.thrift"), (_JAVA, "proto", "java.proto"),
)
_DERIVED_JAVA = (("contract.thrift", "thrift"), ("contract.proto", "proto"))  # into folders of these names, below `java`


class DeriveError(Exception):
    """Koine could not derive an IDL."""


def exposures(koine, server):
    """The other authors' interfaces, each as an entry of `expose`, paired by what Koine itself proposes."""
    return {party: _exposure(koine, party, server.party) for party in SCHEMAS if party != server.party}


@functools.cache
def _exposure(koine, exposed, provider):
    command = [str(koine), "idl", "match", str(SCHEMAS[exposed]), str(SCHEMAS[provider]), "--propose"]
    command += ["--service", f"{_INTERFACES[exposed]}:{_INTERFACES[provider]}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    except OSError as error:
        raise DeriveError(f"cannot run {koine}: {error.strerror}; build it or name another with --koine") from error
    if done.returncode != 0:
        raise DeriveError(f"{' '.join(command)} does not cover everything:\n{done.stdout}{done.stderr}")
    return yaml.safe_load(done.stdout)["expose"][0]


def is_translated(client, server):
    """Whether the client has what is derived from the Java contract. Dubbo's own consumers call its providers without a schema, by another gateway."""
    return server.party == "java" and client.native != "java"


def configuration(server, port, exposed=None, translated=False):
    """What `koine serve` reads to stand before one provider; `exposed` as exposures() gives it."""
    service = {
        "name": "interop",
        "interface": _INTERFACES[server.party],
        "protocol": "triple" if server.edition == "triple" else server.protocol,
        "endpoints": [f"127.0.0.1:{port}"],
    }
    if server.protocol == "thrift":
        service["thrift"] = {"transport": server.transport, "encoding": server.encoding}
        if "zlib" in server.words:
            service["thrift"]["zlib"] = True
        if "mux" in server.words:
            service["thrift"]["multiplexed"] = service["interface"].rsplit(".", 1)[1]
    if server.one_connection:
        service["connections_max"] = 1
    services, schemas = [], []
    if server.party == "java" and not exposed and not translated:
        services = [{**service, "name": f"interop-{i}", "interface": key, "untyped": True} for i, key in enumerate(DUBBO_KEYS)]
    elif not server.only_newer:
        services.append(service)
        schemas.append(SCHEMAS[server.party])
    if server.protocol == "thrift" and server.knows_uuid:
        services.append({**service, "name": "newer", "interface": NEWER_INTERFACE})
        schemas.append(CONTRACT / "newer.thrift")
    # The binary protocol without a version is looked for only where the configuration says so.
    listeners = [{"bind": "127.0.0.1:0"}, {"bind": "127.0.0.1:0", "thrift": {"lax": True}}]
    if exposed:
        schemas = SCHEMAS.values()
        services = [{**service, "expose": list(exposed.values())}]
        if server.party == "java":
            # The interface itself as well, for consumers on Dubbo's other protocol. What of it is derived has names that others have too.
            services.append({**service, "name": "own"})
            listeners = [{**listener, "thrift": {**listener.get("thrift", {}), "default_service": "interop"}} for listener in listeners]
        if server.protocol == "grpc":
            # Two interfaces in Thrift: plain callers, who name none, are told apart by where they call.
            services = [{**service, "name": party, "expose": [entry]} for party, entry in exposed.items()]
            listeners = [{**listener, "thrift": {**listener.get("thrift", {}), "default_service": "thrift"}} for listener in listeners]
            listeners.append({"bind": "127.0.0.1:0", "thrift": {"default_service": "third"}})
    return {
        **({"schemas": {"files": [str(schema) for schema in schemas]}} if schemas else {}),
        "listeners": listeners,
        "services": services,
        # What peers may send plain they may send compressed, however well it compresses.
        "limits": {"inflate_floor_bytes": "4MiB"},
        "admin": {"bind": "127.0.0.1:0"},
    }


def command(koine, server, port, folder, sabotage=None, mode="derived", translated=False):
    """Writes the configuration and returns the command line that serves it."""
    exposed = exposures(koine, server) if mode == "independent" else None
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{server.name}{'-translated' if translated else ''}.yaml"
    path.write_text(yaml.safe_dump(configuration(server, port, exposed, translated), sort_keys=False), encoding="utf-8")
    line = [str(koine), "serve", "-c", str(path)]
    return line + ["--sabotage", sabotage] if sabotage else line


class Addresses(collections.namedtuple("Addresses", "strict lax third")):
    """Where a server's clients call."""

    def of(self, client):
        if client.is_third:
            return self.third
        return self.lax if client.encoding == "lax" else self.strict


def listeners(words):
    """The bound addresses of a READY line, in the order of the configuration; the third author's clients may have one of their own."""
    addresses = [word for word in words if "=" not in word]
    if len(addresses) not in (2, 3):
        raise ValueError("the READY line does not name the listeners: " + " ".join(words))
    return Addresses(*addresses[:2], addresses[-1] if len(addresses) == 3 else addresses[0])


def derive(koine, folder):
    """Writes the derived IDLs; files that did not change keep their time, so that peers are not built again."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for source, target, name in _DERIVED:
        text = _convert(koine, source, target)
        path = folder / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    for source, name in _DERIVED_JAVA:
        shutil.rmtree(folder / "java" / name, ignore_errors=True)
        _convert(koine, source, "java", "-o", str(folder / "java" / name))


def _convert(koine, source, target, *options):
    try:
        done = subprocess.run(
            [str(koine), "idl", "convert", str(CONTRACT / source), "--to", target, *options],
            capture_output=True, text=True, timeout=60, check=False,
        )
    except OSError as error:
        raise DeriveError(f"cannot run {koine}: {error.strerror}; build it or name another with --koine") from error
    if done.returncode != 0:
        raise DeriveError(f"koine idl convert {source} --to {target} failed:\n{done.stderr.strip()}")
    return done.stdout
