"""Koine between the peers: its configuration for one provider, and the IDLs it derives."""
import collections
import pathlib
import subprocess

import yaml

from .cases import CONTRACT

THRIFT_INTERFACE = "koine.interop.contract.Interop"
GRPC_INTERFACE = "koine.interop.v1.InteropService"
NEWER_INTERFACE = "koine.interop.newer.Newer"
SABOTAGE_KINDS = ("swap_fields", "wrap_sign", "drop_presence", "exchange_answers")

_SCHEMAS = {"thrift": CONTRACT / "contract.thrift", "grpc": CONTRACT / "contract.proto"}
_DERIVED = (("contract.thrift", "proto", "contract.proto"), ("contract.proto", "thrift", "contract.thrift"), ("newer.thrift", "proto", "newer.proto"))


class DeriveError(Exception):
    """Koine could not derive an IDL."""


def exposure(koine, server):
    """Both IDLs, and the other protocol's interface as an entry of `expose`, paired by what Koine itself proposes."""
    own, other = ("thrift", "grpc") if server.protocol == "thrift" else ("grpc", "thrift")
    command = [str(koine), "idl", "match", str(_SCHEMAS[other]), str(_SCHEMAS[own]), "--propose"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    except OSError as error:
        raise DeriveError(f"cannot run {koine}: {error.strerror}; build it or name another with --koine") from error
    if done.returncode != 0:
        raise DeriveError(f"{' '.join(command)} does not cover everything:\n{done.stdout}{done.stderr}")
    return [str(_SCHEMAS[own]), str(_SCHEMAS[other])], yaml.safe_load(done.stdout)["expose"]


def configuration(server, port, exposed=None):
    """What `koine serve` reads to stand before one provider; `exposed` as exposure() gives it."""
    service = {
        "name": "interop",
        "interface": THRIFT_INTERFACE if server.protocol == "thrift" else GRPC_INTERFACE,
        "protocol": server.protocol,
        "endpoints": [f"127.0.0.1:{port}"],
    }
    if server.protocol == "thrift":
        service["thrift"] = {"transport": server.transport, "encoding": server.encoding}
        if "zlib" in server.words:
            service["thrift"]["zlib"] = True
        if "mux" in server.words:
            service["thrift"]["multiplexed"] = THRIFT_INTERFACE.rsplit(".", 1)[1]
    if server.one_connection:
        service["connections_max"] = 1
    services, schemas = [], []
    if not server.only_newer:
        services.append(service)
        schemas.append(_SCHEMAS[server.protocol])
    if server.protocol == "thrift" and server.knows_uuid:
        services.append({**service, "name": "newer", "interface": NEWER_INTERFACE})
        schemas.append(CONTRACT / "newer.thrift")
    if exposed:
        schemas, service["expose"] = exposed
        services = [service]
    return {
        "schemas": {"files": [str(schema) for schema in schemas]},
        # The binary protocol without a version is looked for only where the configuration says so.
        "listeners": [{"bind": "127.0.0.1:0"}, {"bind": "127.0.0.1:0", "thrift": {"lax": True}}],
        "services": services,
        # What peers may send plain they may send compressed, however well it compresses.
        "limits": {"inflate_floor_bytes": "4MiB"},
        "admin": {"bind": "127.0.0.1:0"},
    }


def command(koine, server, port, folder, sabotage=None, mode="derived"):
    """Writes the configuration and returns the command line that serves it."""
    exposed = exposure(koine, server) if mode == "independent" else None
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{server.name}.yaml"
    path.write_text(yaml.safe_dump(configuration(server, port, exposed), sort_keys=False), encoding="utf-8")
    line = [str(koine), "serve", "-c", str(path)]
    return line + ["--sabotage", sabotage] if sabotage else line


class Addresses(collections.namedtuple("Addresses", "strict lax")):
    """Where a server's clients call."""

    def of(self, client):
        return self.lax if client.encoding == "lax" else self.strict


def listeners(words):
    """The bound addresses of a READY line, in the order of the configuration."""
    addresses = [word for word in words if "=" not in word]
    if len(addresses) != 2:
        raise ValueError("the READY line does not name both listeners: " + " ".join(words))
    return Addresses(*addresses)


def derive(koine, folder):
    """Writes the derived IDLs; files that did not change keep their time, so that peers are not built again."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for source, target, name in _DERIVED:
        try:
            done = subprocess.run(
                [str(koine), "idl", "convert", str(CONTRACT / source), "--to", target], capture_output=True, text=True, timeout=60, check=False
            )
        except OSError as error:
            raise DeriveError(f"cannot run {koine}: {error.strerror}; build it or name another with --koine") from error
        if done.returncode != 0:
            raise DeriveError(f"koine idl convert {source} --to {target} failed:\n{done.stderr.strip()}")
        path = folder / name
        if not path.is_file() or path.read_text(encoding="utf-8") != done.stdout:
            path.write_text(done.stdout, encoding="utf-8")
