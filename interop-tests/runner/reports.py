"""The run as JSON for machines and as a page for people."""
import html
import json

from .cases import CONTRACT_OF
from .table import verdict_text
from .verdicts import totals


def _sent(verdict, cases):
    case = cases.get(verdict.cell.case)
    return case.contracts.get(CONTRACT_OF[verdict.cell.server.party], {}) if case else {}


def as_json(verdicts, cases, troubles):
    by_name = {case.name: case for case in cases}
    cells = []
    for verdict in verdicts:
        cell = verdict.cell
        sent = _sent(verdict, by_name)
        cells.append({
            "name": cell.name, "client": cell.client.name, "server": cell.server.name, "case": cell.case, "mode": cell.mode,
            "contract": cell.contract, "method": sent.get("method"), "sent": sent.get("request"), "state": verdict.state,
            "got": verdict.got, "want": verdict.want, "error": verdict.error, "reason": verdict.reason,
            "elapsed_us": verdict.elapsed_us, "command": cell.command,
        })
    return json.dumps({"summary": totals(verdicts), "troubles": troubles, "cells": cells}, ensure_ascii=False, indent=1, default=str)


_STYLE = """
body{font:14px system-ui,sans-serif;margin:2em;color:#222;background:#fff}
table{border-collapse:collapse}th,td{border:1px solid #ccc;padding:4px 8px;text-align:center}
th{background:#f4f4f4;font-weight:600}td.pass{background:#dff3e0}td.refused{background:#fdf3cf}td.fail{background:#f9d3d0}
a{color:inherit;text-decoration:none}section{margin-top:1.5em}summary{cursor:pointer}
.state-pass{color:#1b7a2b}.state-refused{color:#8a6d00}.state-fail{color:#b3261e;font-weight:600}
pre{white-space:pre-wrap;word-break:break-all;background:#f7f7f7;padding:6px;margin:4px 0 8px 1.5em}
"""


def as_html(verdicts, cases, clients, servers):
    by_name = {case.name: case for case in cases}
    groups = {}
    for verdict in verdicts:
        groups.setdefault(verdict.cell.pair, []).append(verdict)
    counted = totals(verdicts)
    parts = [
        "<!doctype html><html lang=en><head><meta charset=utf-8><title>Koine interop matrix</title>",
        f"<style>{_STYLE}</style></head><body><h1>Interop matrix</h1>",
        f"<p>{counted['pass']} passed, {counted['refused']} refused, {counted['fail']} failed. "
        "Rows call, columns answer; a cell opens to its cases, a case to what was sent and received.</p><table><tr><th></th>",
    ]
    parts += [f"<th>{html.escape(server.name)}</th>" for server in servers]
    parts.append("</tr>")
    for client in clients:
        parts.append(f"<tr><th>{html.escape(client.name)}</th>")
        parts += [_matrix_cell(client, server, groups.get((client.name, server.name))) for server in servers]
        parts.append("</tr>")
    parts.append("</table>")
    for (client, server), group in groups.items():
        parts.append(_pair_section(client, server, group, by_name))
    parts.append("</body></html>\n")
    return "".join(parts)


def _matrix_cell(client, server, group):
    if not group:
        return "<td></td>"
    counted = totals(group)
    state = "fail" if counted["fail"] else "refused" if counted["refused"] else "pass"
    text = f"{counted['pass']}" + (f" +{counted['refused']}" if counted["refused"] else "") + (f" −{counted['fail']}" if counted["fail"] else "")
    return f'<td class="{state}"><a href="#{client.name}_{server.name}">{text}</a></td>'


def _pair_section(client, server, group, by_name):
    parts = [f'<section id="{client}_{server}"><h3>{html.escape(client)} → {html.escape(server)}</h3>']
    for verdict in group:
        sent = _sent(verdict, by_name)
        rows = [("sent", f"{sent.get('method', '')} {verdict_text(sent.get('request'))}"), ("received", verdict_text(verdict.got)),
                ("expected", verdict_text(verdict.want))]
        if verdict.error:
            rows.append(("error", verdict.error))
        if verdict.reason:
            rows.append(("because", verdict.reason))
        rows.append(("again", verdict.cell.command))
        body = "\n".join(f"{name:9} {value}" for name, value in rows)
        opened = " open" if verdict.state == "fail" else ""
        parts.append(
            f'<details{opened}><summary><span class="state-{verdict.state}">{verdict.state}</span> {html.escape(verdict.cell.case)} '
            f"<small>{verdict.elapsed_us} µs</small></summary><pre>{html.escape(body)}</pre></details>"
        )
    parts.append("</section>")
    return "".join(parts)
