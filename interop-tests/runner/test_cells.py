"""Coordinates, cases and refusals: which cells there are, and what the tables may say."""
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from runner import cases, coordinates, gateway, refusals  # noqa: E402
from runner.coordinates import Cell, Coordinate  # noqa: E402


class Coordinates(unittest.TestCase):
    def test_the_matrix_has_at_least_eighteen_clients_and_sixteen_providers(self):
        self.assertGreaterEqual(len(coordinates.clients()), 18)
        self.assertGreaterEqual(len(coordinates.servers()), 16)
        for made, names in ((coordinates.clients(), coordinates.CLIENTS), (coordinates.servers(), coordinates.SERVERS)):
            self.assertEqual([c.name for c in made], names)
            self.assertEqual(len(set(names)), len(names))

    def test_every_dialect_is_on_both_sides(self):
        for side in (coordinates.clients(), coordinates.servers()):
            pairs = {(c.transport, c.encoding) for c in side}
            for pair in [(t, e) for t in ("framed", "unframed") for e in ("binary", "compact", "json")] + [("header", "binary"), ("header", "compact")]:
                self.assertIn(pair, pairs)
            kinds = {(c.transport, word) for c in side for word in c.words[2:]}
            self.assertIn(("header", "zlib"), kinds)
            self.assertIn(("unframed", "zlib"), kinds)
            self.assertTrue(any(word == "mux" for _, word in kinds))
        self.assertIn("lax", {c.encoding for c in coordinates.clients()})

    def test_a_name_says_which_program_it_is(self):
        made = Coordinate.of("go-thrift-latest-header-compact-zlib")
        self.assertEqual((made.peer, made.transport, made.encoding, made.words[2:]), ("go-thrift-latest", "header", "compact", ["zlib"]))
        self.assertEqual(Coordinate.of("php-grpc").peer, "php-grpc")
        third = Coordinate.of("python-thrift-third-framed-compact")
        self.assertEqual((third.peer, third.party, third.transport), ("python-thrift", "third", "framed"))

    def test_everyone_is_proved_without_a_gateway(self):
        pairs = list(coordinates.pairs(coordinates.clients(), coordinates.servers(), "direct"))
        self.assertEqual({c.name for c, _ in pairs}, set(coordinates.CLIENTS))
        self.assertEqual({s.name for _, s in pairs}, set(coordinates.SERVERS))
        for client, server in pairs:
            java = server.side.startswith("java of")
            self.assertEqual((client.side if java else client.party, client.transport), ("java" if java else server.party, server.transport))
            self.assertEqual("zlib" in client.words, "zlib" in server.words)

    def test_dubbo_is_forwarded_between_its_own_peers(self):
        for mode in ("direct", "derived"):
            found = [(c.name, s.name) for c, s in coordinates.pairs(coordinates.clients(), coordinates.servers(), mode)
                     if c.protocol == s.protocol == "dubbo" and s.party == "java"]
            self.assertIn(("java-dubbo-27", "java-dubbo"), found)
            self.assertEqual(len(found), 9)
        self.assertEqual(Coordinate.of("java-dubbo-27").peer, "java-dubbo-27")
        written = gateway.configuration(Coordinate.of("go-dubbo"), 20880)
        self.assertNotIn("schemas", written)
        self.assertEqual([service["interface"].rsplit("/")[0] for service in written["services"]], ["koine.interop.shop.InteropService", "blue"])
        self.assertTrue(all(service["untyped"] for service in written["services"]))

    def test_triple_is_forwarded_between_its_own_peers(self):
        for mode in ("direct", "derived"):
            found = [(c.protocol, s.protocol) for c, s in coordinates.pairs(coordinates.clients(), coordinates.servers(), mode) if s.party == "java"]
            self.assertEqual(found.count(("triple", "triple")), 4)
            self.assertEqual(found.count(("dubbo", "triple")) + found.count(("triple", "dubbo")), 12 if mode == "derived" else 0)
        written = gateway.configuration(Coordinate.of("java-triple"), 20880)
        self.assertEqual([(service["protocol"], service["untyped"]) for service in written["services"]], [("triple", True)] * 2)

    def test_java_is_derived_for_dubbos_consumers_in_java(self):
        thrift, grpc, dubbo = (Coordinate.of(name) for name in ("go-thrift-framed-binary", "go-grpc", "go-dubbo"))
        for name, derives in (("java-dubbo", True), ("java-dubbo-27", True), ("java-triple", True), ("go-dubbo", False), ("go-triple", False)):
            client = Coordinate.of(name)
            found = list(coordinates.pairs([client], [thrift, grpc], "derived"))
            self.assertEqual(found, [(client, thrift), (client, grpc)] if derives else [], name)
        self.assertEqual([Cell(Coordinate.of("java-dubbo"), s, "void", "derived").contract for s in (thrift, grpc, dubbo)], ["thrift", "proto", "own"])
        self.assertEqual([Cell(c, s, "void", "derived").is_derived for c, s in ((thrift, grpc), (thrift, thrift), (Coordinate.of("java-dubbo"), grpc))],
                         [True, False, True])
        by_name = {case.name: case for case in cases.load()}
        for name, there in (("doubles_special", False), ("enum_unknown", False), ("cancelled", False), ("sets_full", True)):
            self.assertEqual(by_name[name].exists_for(Coordinate.of("java-dubbo"), thrift, "derived"), there, name)
        self.assertTrue(by_name["doubles_special"].exists_for(Coordinate.of("java-dubbo"), dubbo, "derived"))

    def test_a_provider_may_have_the_java_that_is_derived_from_anothers_contract(self):
        thrift, grpc, java, go = (Coordinate.of(name) for name in ("go-thrift-framed-binary", "go-grpc", "java-dubbo", "go-dubbo"))
        derived = {name: Coordinate.of(name) for name in ("java-dubbo-thrift", "java-dubbo-proto", "java-dubbo-27-thrift", "java-triple-thrift")}
        self.assertEqual([(one.peer, one.party, one.side) for one in derived.values()],
                         [("java-dubbo", "thrift", "java of thrift"), ("java-dubbo", "grpc", "java of proto"), ("java-dubbo-27", "thrift", "java of thrift"),
                          ("java-triple", "thrift", "java of thrift")])
        for server, contracts in ((derived["java-dubbo-thrift"], ["own", "derived", "thrift"]), (derived["java-dubbo-proto"], ["derived", "own", "proto"])):
            found = list(coordinates.pairs([thrift, grpc, java, go], [server], "derived"))
            self.assertEqual([(c.protocol, Cell(c, s, "void", "derived").contract) for c, s in found], list(zip(("thrift", "grpc", "dubbo"), contracts)))
            self.assertTrue(all(Cell(c, s, "void", "derived").is_derived for c, s in found))
            self.assertEqual([c for c, _ in coordinates.pairs([thrift, grpc, java, go], [server], "direct")], [java])
            self.assertEqual(list(coordinates.pairs([thrift, grpc, java, go], [server], "independent")), [])
        made = gateway.configuration(derived["java-triple-thrift"], 1)
        self.assertEqual([(one["interface"], one["protocol"]) for one in made["services"]], [(gateway.THRIFT_INTERFACE, "triple")])
        self.assertTrue(made["schemas"]["files"][0].endswith("contract.thrift"))
        row = next(row for row in refusals.load() if row.provider == "java of thrift" and row.client == "thrift")
        self.assertTrue(row.covers(Cell(thrift, derived["java-dubbo-27-thrift"], "enum_unknown", "derived")))
        self.assertFalse(row.covers(Cell(thrift, thrift, "enum_unknown", "derived")))

    def test_callers_of_dubbos_providers_have_what_is_derived_from_the_java_contract(self):
        by_name = {case.name: case for case in cases.load()}
        clients = [Coordinate.of(name) for name in ("java-thrift-framed-binary", "go-thrift-header-compact", "java-grpc")]
        for server in (Coordinate.of("java-dubbo-27"), Coordinate.of("go-triple")):
            self.assertEqual([Cell(c, s, "void", "derived").contract for c, s in coordinates.pairs(clients, [server], "derived")], ["java"] * 3)
            self.assertEqual([gateway.is_translated(c, server) for c in (*clients, Coordinate.of("go-dubbo"))], [True] * 3 + [False])
        java = Coordinate.of("java-dubbo")
        for name, there in (("overload_two", [True] * 3), ("object_item", [False] * 3), ("subclass_result", [True] * 3), ("union_text", [True, False, False]),
                            ("null_argument", [True, False, True]), ("java_uuid", [False] * 3), ("echo", [False] * 3)):
            self.assertEqual([by_name[name].exists_for(client, java, "derived") for client in clients], there, name)
        made = gateway.configuration(java, 1, translated=True)
        self.assertEqual([(one["interface"], "untyped" in one) for one in made["services"]], [(gateway.DUBBO_INTERFACE, False)])
        self.assertTrue(made["schemas"]["files"][0].endswith("InteropService.java"))

    def test_a_name_a_beginning_and_a_glob_choose(self):
        names = lambda patterns: [c.name for c in coordinates.choose(coordinates.clients(), patterns)]  # noqa: E731
        self.assertEqual(names(["go-grpc"]), ["go-grpc"])
        self.assertEqual(names(["php-thrift"]), ["php-thrift-framed-binary", "php-thrift-framed-compact", "php-thrift-unframed-binary"])
        self.assertEqual(names(["*-framed-compact"]), ["java-thrift-framed-compact", "go-thrift-framed-compact", "php-thrift-framed-compact", "python-thrift-third-framed-compact"])

    def test_an_unknown_name_is_an_error_that_lists_the_known(self):
        with self.assertRaisesRegex(ValueError, "ruby-thrift.*go-grpc"):
            coordinates.choose(coordinates.clients(), ["ruby-thrift"])

    def test_a_cell_is_named_and_repeated_by_its_coordinates(self):
        cell = Cell(Coordinate("go", "grpc"), Coordinate("php", "thrift", "framed-binary"), "union_text", "derived")
        self.assertEqual(cell.name, "go-grpc → koine → php-thrift-framed-binary / union_text / derived")
        self.assertEqual(cell.command, "interop-tests/run --client go-grpc --server php-thrift-framed-binary --case union_text --mode derived")
        self.assertEqual(cell.contract, "derived")

    def test_one_protocol_on_both_sides_uses_its_own_contract(self):
        cell = Cell(Coordinate("go", "thrift", "framed-compact"), Coordinate("php", "thrift", "framed-binary"), "nested", "derived")
        self.assertEqual(cell.contract, "own")


class Cases(unittest.TestCase):
    def setUp(self):
        self.cases = cases.load()

    def test_methods_are_those_of_the_contracts(self):
        thrift = (cases.CONTRACT / "contract.thrift").read_text(encoding="utf-8")
        proto = (cases.CONTRACT / "contract.proto").read_text(encoding="utf-8")
        thrift_methods = set(re.findall(r"^  (?:oneway )?[\w<>, ]+ (\w+)\(", thrift[thrift.index("service Interop"):], re.MULTILINE))
        proto_methods = set(re.findall(r"^  rpc (\w+)\(", proto, re.MULTILINE))
        java = "".join((cases.CONTRACT / "java/koine/interop/shop" / name).read_text(encoding="utf-8") for name in ("InteropService.java", "Greeter.java"))
        java_methods = set(re.findall(r"^  [\w<>, ]+ (\w+)\(", java, re.MULTILINE)) | {"$echo", "$invoke"}
        self.assertEqual(len(thrift_methods), 22)
        third = (cases.CONTRACT / "third.thrift").read_text(encoding="utf-8")
        third_methods = set(re.findall(r"^  (?:oneway )?[\w<>, ]+ (\w+)\(", third[third.index("service Upkeep"):], re.MULTILINE))
        self.assertEqual(len(third_methods), 22)
        thrift_methods.add("badge")  # of newer.thrift
        for case in self.cases:
            if case.name == "no_such_method":
                continue
            if "thrift" in case.contracts:
                self.assertIn(case.contracts["thrift"]["method"], thrift_methods, case.name)
            if "proto" in case.contracts:
                self.assertIn(case.contracts["proto"]["method"], proto_methods, case.name)
            if "java" in case.contracts:
                self.assertIn(case.contracts["java"]["method"], java_methods, case.name)
            if "third" in case.contracts:
                self.assertIn(case.contracts["third"]["method"], third_methods, case.name)

    def test_servers_never_echo(self):
        for case in self.cases:
            for contract, entry in case.contracts.items():
                if "answer" in entry and entry["method"] != "$echo":
                    self.assertNotEqual(entry["request"], entry["answer"], f"{case.name} in {contract}")

    def test_every_case_of_a_contract_says_how_it_ends(self):
        for case in self.cases:
            for contract, entry in case.contracts.items():
                if case.name != "i8_out_of_range":
                    self.assertTrue({"answer", "then", "error"} & set(entry), f"{case.name} in {contract}")

    def test_a_cell_has_the_cases_of_the_providers_contract(self):
        by_name = {case.name: case for case in self.cases}
        thrift, grpc = Coordinate("go", "thrift", "framed-binary"), Coordinate("go", "grpc")
        self.assertTrue(by_name["sets_full"].exists_for(grpc, thrift, "derived"))
        self.assertFalse(by_name["sets_full"].exists_for(thrift, grpc, "derived"))
        self.assertTrue(by_name["uint64_beyond_i64"].exists_for(thrift, grpc, "derived"))
        self.assertFalse(by_name["i8_out_of_range"].exists_for(thrift, thrift, "derived"))
        dubbo = Coordinate("java", "dubbo")
        self.assertTrue(by_name["overload_int"].exists_for(dubbo, dubbo, "direct"))
        self.assertFalse(by_name["overload_int"].exists_for(thrift, thrift, "direct"))
        self.assertTrue(by_name["i8_out_of_range"].exists_for(grpc, thrift, "derived"))

    def test_info_headers_are_for_those_who_have_them(self):
        case = next(case for case in self.cases if case.name == "metadata_info")
        header, plain = Coordinate("go", "thrift", "header-compact"), Coordinate("go", "thrift", "framed-compact")
        self.assertTrue(case.exists_for(header, header, "derived"))
        for client, server in ((header, plain), (plain, header), (header, Coordinate("go", "grpc")), (Coordinate("go", "grpc"), header)):
            self.assertFalse(case.exists_for(client, server, "derived"))

    def test_uuids_are_for_the_newest_libraries(self):
        case = next(case for case in self.cases if case.name == "uuid")
        latest, older = Coordinate.of("go-thrift-latest-header-compact"), Coordinate.of("go-thrift-header-compact")
        self.assertTrue(case.exists_for(latest, latest, "derived"))
        self.assertTrue(case.exists_for(Coordinate("go", "grpc"), latest, "derived"))
        self.assertFalse(case.exists_for(latest, older, "derived"))
        self.assertFalse(case.exists_for(older, latest, "derived"))
        self.assertTrue(gateway.configuration(latest, 1)["schemas"]["files"][1].endswith("newer.thrift"))
        self.assertEqual(len(gateway.configuration(older, 1)["services"]), 1)

    def test_a_peer_that_only_has_the_newer_contract_has_no_other_case(self):
        java, go = Coordinate.of("java-thrift-latest-framed-binary"), Coordinate.of("go-thrift-latest-header-compact-zlib")
        names = lambda client, server: [case.name for case in self.cases if case.exists_for(client, server, "derived")]  # noqa: E731
        for pair in ((java, java), (java, go), (go, java), (Coordinate("go", "grpc"), java)):
            self.assertEqual(names(*pair), ["uuid"])
        self.assertEqual(names(java, Coordinate("go", "grpc")), [])
        self.assertIn("uuid_containers", names(Coordinate("go", "grpc"), go))
        self.assertEqual([one["name"] for one in gateway.configuration(java, 1)["services"]], ["newer"])

    def test_one_connection_at_a_time_leaves_out_only_what_needs_two(self):
        simple, client = Coordinate("php", "thrift", "framed-binary-simple"), Coordinate("go", "thrift", "framed-binary")
        gone = {mode: [case.name for case in self.cases if case.exists_for(client, Coordinate("php", "thrift", "framed-binary"), mode)
                       and not case.exists_for(client, simple, mode)] for mode in ("derived", "direct")}
        self.assertEqual(gone, {"derived": ["deadline_passed", "cancelled"], "direct": ["deadline_passed", "cancelled", "in_flight_1000"]})

    def test_what_a_library_lacks_is_not_asked_of_it(self):
        by_name = {case.name: case for case in self.cases}
        java, go = Coordinate("java", "dubbo"), Coordinate("go", "dubbo")
        for name, calls, serves in (("echo", False, True), ("no_such_method", True, False), ("null_result", True, True), ("null_argument", False, False)):
            self.assertEqual(by_name[name].exists_for(go, java, "direct"), calls, name)
            self.assertEqual(by_name[name].exists_for(java, go, "direct"), serves, name)
            self.assertTrue(by_name[name].exists_for(java, java, "direct"), name)

    def test_every_need_is_known(self):
        known = {"info_headers", "uuid", "uuid_containers", "connections", "gateway", "windows"}.union(*(part for both in coordinates.LACKS.values() for part in both))
        for case in self.cases:
            self.assertTrue(set(case.needs).union(*(contract.get("needs", ()) for contract in case.contracts.values())) <= known, case.name)
        self.assertTrue(set(coordinates.LACKS) <= {c.peer for c in coordinates.clients() + coordinates.servers()})

    def test_independent_cells_are_of_two_idls_and_of_values_that_both_have(self):
        by_name = {case.name: case for case in self.cases}
        grpc, thrift = Coordinate("go", "grpc"), Coordinate("go", "thrift", "framed-binary")
        self.assertEqual(list(coordinates.pairs([grpc, thrift], [grpc, thrift], "independent")), [(grpc, thrift), (thrift, grpc)])
        self.assertEqual(Cell(grpc, thrift, "union_text", "independent").contract, "own")
        for name, for_grpc, for_thrift in (("union_text", True, True), ("sets_full", False, False), ("scalars_max", False, False),
                                           ("optional_zero", True, False), ("deadline_passed", False, True)):
            self.assertEqual(by_name[name].exists_for(grpc, thrift, "independent"), for_grpc, name)
            self.assertEqual(by_name[name].exists_for(thrift, grpc, "independent"), for_thrift, name)

    def test_the_java_author_calls_and_is_called_where_the_values_are_the_same(self):
        by_name = {case.name: case for case in cases.load()}
        names = ("java-thrift-framed-binary", "go-thrift-framed-binary", "go-grpc", "python-thrift-third-framed-compact")
        java = Coordinate.of("java-dubbo")
        for name, calls, called in (
                ("union_text", [True, True, False, True], [True, True, False, True]), ("text_cjk", [True, False, False, False], [True, False, False, False]),
                ("lists_empty", [False, True, True, False], [False, True, True, False]),
                ("declared_exception_a", [True, True, False, True], [False, False, True, True]),
                ("nested_home", [True] * 4, [True, True, False, True]), ("maps_nested", [False] * 4, [False] * 4)):
            others = [Coordinate.of(other) for other in names]
            self.assertEqual([by_name[name].exists_for(other, java, "independent") for other in others], calls, name)
            self.assertEqual([by_name[name].exists_for(java, other, "independent") for other in others], called, name)

    def test_the_third_author_calls_and_is_called_where_the_values_are_the_same(self):
        by_name = {case.name: case for case in self.cases}
        third, thrift, grpc = Coordinate.of("python-thrift-third-framed-compact"), Coordinate("go", "thrift", "framed-binary"), Coordinate("go", "grpc")
        pairs = list(coordinates.pairs([thrift, third], [thrift, grpc, third], "independent"))
        self.assertEqual(pairs, [(thrift, grpc), (thrift, third), (third, thrift), (third, grpc)])
        self.assertEqual(list(coordinates.pairs([third], [thrift, grpc, third], "derived")), [])
        self.assertEqual([Cell(third, other, "void", "independent").contract for other in (thrift, grpc)], ["third", "third"])
        self.assertEqual(Cell(thrift, third, "void", "independent").contract, "own")
        for name, to_thrift, to_grpc, from_thrift, from_grpc in (
                ("union_text", True, True, True, True), ("sets_full", True, False, True, False), ("maps_bool_key", False, True, False, True),
                ("i8_out_of_range", True, False, False, False), ("declared_exception_a", False, True, True, True),
                ("optional_zero", True, True, False, True), ("deadline_passed", True, True, True, False), ("union_unset", False, False, False, False)):
            cells = ((third, thrift), (third, grpc), (thrift, third), (grpc, third))
            self.assertEqual([by_name[name].exists_for(*cell, "independent") for cell in cells], [to_thrift, to_grpc, from_thrift, from_grpc], name)
        self.assertTrue(by_name["sets_full"].exists_for(third, third, "direct"))
        self.assertFalse(by_name["i8_out_of_range"].exists_for(third, third, "direct"))

    def test_a_group_chooses_its_cases(self):
        chosen = {case.name for case in cases.choose(self.cases, ["unions"])}
        self.assertIn("union_text", chosen)
        self.assertTrue(all(name.startswith("union") for name in chosen))
        with self.assertRaisesRegex(ValueError, "no_such_case"):
            cases.choose(self.cases, ["no_such_case"])


class Refusals(unittest.TestCase):
    def setUp(self):
        self.cases = cases.load()

    def row(self, **changes):
        row = dict(client="grpc", provider="thrift", cases=("i8_out_of_range",), rule="i8-range", error="MAP_RANGE")
        return refusals.Refusal(**{**row, **changes})

    def problems(self, *rows):
        return "\n".join(refusals.problems(rows, self.cases))

    def test_the_committed_table_is_sound(self):
        self.assertEqual(list(refusals.problems(refusals.load(), self.cases)), [])

    def test_a_row_without_a_verdict_of_the_mapping_is_refused(self):
        self.assertIn("no verdict of the type mapping", self.problems(self.row(rule="it-is-hard")))

    def test_a_case_whose_kinds_are_all_lossless_is_refused(self):
        self.assertIn("all its kinds are lossless", self.problems(self.row(cases=("lists_full",))))

    def test_one_protocol_on_both_sides_refuses_nothing(self):
        self.assertIn("loses nothing", self.problems(self.row(client="thrift")))

    def test_a_case_that_is_not_there_and_a_row_twice_are_found(self):
        self.assertIn("there is no case", self.problems(self.row(cases=("gone",))))
        self.assertIn("is there twice", self.problems(self.row(), self.row()))

    def test_a_row_covers_its_cells_only_and_nothing_direct(self):
        table = refusals.load()
        cell = Cell(Coordinate("go", "grpc"), Coordinate("java", "thrift", "framed-binary"), "metadata_roundtrip", "derived")
        self.assertIsNotNone(refusals.find(table, cell))
        same = Cell(Coordinate("go", "grpc"), Coordinate("java", "grpc"), "metadata_roundtrip", "derived")
        self.assertIsNone(refusals.find(table, same))
        header = Cell(cell.client, Coordinate("go", "thrift", "header-binary"), cell.case, "derived")
        self.assertIsNone(refusals.find(table, header), "headers carry metadata")
        direct = Cell(cell.client, cell.server, cell.case, "direct")
        self.assertIsNone(refusals.find(table, direct))
        for mode, refused in (("independent", True), ("derived", False)):
            unknown = Cell(cell.client, cell.server, "enum_unknown", mode)
            self.assertEqual(refusals.find(table, unknown) is not None, refused, mode)


class Gateway(unittest.TestCase):
    def test_a_thrift_provider_is_configured_in_its_dialect(self):
        made = gateway.configuration(Coordinate("php", "thrift", "framed-compact"), 9090)
        service = made["services"][0]
        self.assertEqual(service["thrift"], {"transport": "framed", "encoding": "compact"})
        self.assertEqual(service["endpoints"], ["127.0.0.1:9090"])
        self.assertTrue(made["schemas"]["files"][0].endswith("contract.thrift"))

    def test_a_grpc_provider_is_configured_with_its_proto(self):
        made = gateway.configuration(Coordinate("go", "grpc"), 50051)
        self.assertNotIn("thrift", made["services"][0])
        self.assertEqual(made["services"][0]["interface"], "koine.interop.v1.InteropService")

    def test_an_independent_interface_is_exposed_before_the_provider(self):
        exposed = {"grpc": {"interface": gateway.GRPC_INTERFACE, "rename": {"Add": "addUp"}}, "third": {"interface": gateway.THIRD_INTERFACE}}
        made = gateway.configuration(Coordinate("go", "thrift", "framed-binary"), 9090, exposed)
        self.assertEqual(len(made["schemas"]["files"]), 4)
        self.assertEqual([(one["interface"], one["expose"]) for one in made["services"]], [(gateway.THRIFT_INTERFACE, list(exposed.values()))])

    def test_a_dubbo_provider_is_translated_where_others_interfaces_are_exposed(self):
        made = gateway.configuration(Coordinate("java", "dubbo"), 20880, {"thrift": {"interface": gateway.THRIFT_INTERFACE}})
        self.assertEqual([(one["interface"], "untyped" in one) for one in made["services"]], [(gateway.DUBBO_INTERFACE, False)] * 2)
        self.assertEqual([sorted(one.keys() & {"expose"}) for one in made["services"]], [["expose"], []])
        crossing = list(coordinates.pairs([Coordinate.of("java-triple")], [Coordinate.of("go-dubbo"), Coordinate.of("go-triple")], "independent"))
        self.assertEqual([(s.name, Cell(c, s, "x", "independent").contract) for c, s in crossing], [("go-dubbo", "own")])
        self.assertTrue(all("untyped" in one for one in gateway.configuration(Coordinate("java", "dubbo"), 20880)["services"]))
        both = [Coordinate.of("go-dubbo"), Coordinate.of("go-grpc")]
        self.assertEqual(len(list(coordinates.pairs(both, both, "independent"))), 2)
        self.assertEqual(len(list(coordinates.pairs(both, both, "derived"))), 3)

    def test_two_interfaces_in_thrift_are_told_apart_by_the_listener(self):
        exposed = {"thrift": {"interface": gateway.THRIFT_INTERFACE}, "third": {"interface": gateway.THIRD_INTERFACE}}
        made = gateway.configuration(Coordinate("go", "grpc"), 50051, exposed)
        self.assertEqual([(one["name"], one["interface"], one["expose"]) for one in made["services"]],
                         [(party, gateway.GRPC_INTERFACE, [entry]) for party, entry in exposed.items()])
        self.assertEqual([one["thrift"]["default_service"] for one in made["listeners"]], ["thrift", "thrift", "third"])
        self.assertTrue(made["listeners"][1]["thrift"]["lax"])
        self.assertEqual(len({one["endpoints"][0] for one in made["services"]}), 1)

    def test_the_interfaces_are_those_of_the_contracts(self):
        thrift = (cases.CONTRACT / "contract.thrift").read_text(encoding="utf-8")
        proto = (cases.CONTRACT / "contract.proto").read_text(encoding="utf-8")
        namespace = re.search(r"^namespace java (\S+)", thrift, re.MULTILINE).group(1)
        service = re.search(r"^service (\w+)", thrift, re.MULTILINE).group(1)
        self.assertEqual(gateway.THRIFT_INTERFACE, namespace + "." + service)
        third = (cases.CONTRACT / "third.thrift").read_text(encoding="utf-8")
        namespace = re.search(r"^namespace java (\S+)", third, re.MULTILINE).group(1)
        self.assertEqual(gateway.THIRD_INTERFACE, namespace + "." + re.search(r"^service (\w+) extends", third, re.MULTILINE).group(1))
        package = re.search(r"^package (\S+);", proto, re.MULTILINE).group(1)
        service = re.search(r"^service (\w+)", proto, re.MULTILINE).group(1)
        self.assertEqual(gateway.GRPC_INTERFACE, package + "." + service)

    def test_every_dialect_is_configured_by_its_words(self):
        def service(name):
            return gateway.configuration(Coordinate.of(name), 1)["services"][0]

        self.assertEqual(service("go-thrift-latest-header-compact-zlib")["thrift"], {"transport": "header", "encoding": "compact", "zlib": True})
        self.assertEqual(service("go-thrift-framed-compact-mux")["thrift"]["multiplexed"], "Interop")
        self.assertEqual(service("php-thrift-framed-binary-simple")["connections_max"], 1)
        self.assertNotIn("connections_max", service("php-thrift-framed-compact"))

    def test_the_ready_line_gives_the_listeners(self):
        made = gateway.listeners(["127.0.0.1:7000", "127.0.0.1:7001", "admin=127.0.0.1:7070"])
        self.assertEqual(made.of(Coordinate("go", "grpc")), "127.0.0.1:7000")
        self.assertEqual(made.of(Coordinate("cpp", "thrift", "unframed-lax")), "127.0.0.1:7001")
        self.assertEqual(made.of(Coordinate.of("python-thrift-third-framed-compact")), "127.0.0.1:7000")
        made = gateway.listeners(["127.0.0.1:7000", "127.0.0.1:7001", "127.0.0.1:7002", "admin=127.0.0.1:7070"])
        self.assertEqual(made.of(Coordinate.of("python-thrift-third-framed-compact")), "127.0.0.1:7002")
        with self.assertRaises(ValueError):
            gateway.listeners(["127.0.0.1:7000", "admin=127.0.0.1:7070"])


if __name__ == "__main__":
    unittest.main()
