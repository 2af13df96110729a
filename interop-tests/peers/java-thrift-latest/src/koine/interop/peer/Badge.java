package koine.interop.peer;

import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TField;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.protocol.TProtocolUtil;
import org.apache.thrift.protocol.TStruct;
import org.apache.thrift.protocol.TType;

/**
 * The struct of newer.thrift without its lists and maps, which the library cannot read: it knows no least size of a uuid
 * (TProtocol.getMinSerializedSize). parent is null when it is unset.
 */
record Badge(String caseId, UUID id, UUID parent) {
  static final Badge REQUEST = new Badge("uuid", UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"), null);
  static final Badge ANSWER = new Badge("uuid.answer", UUID.fromString("f81d4fae-7dec-11d0-a765-00a0c91e6bf6"), new UUID(0, 0));

  String json() {
    Map<String, Object> fields = new TreeMap<>(Map.of("caseId", caseId, "id", String.valueOf(id)));
    if (parent != null) {
      fields.put("parent", parent.toString());
    }
    return Render.json(fields);
  }

  /** Writes the arguments struct (field 1) or the result struct (field 0) that holds it. */
  void writeInside(TProtocol out, int field) throws TException {
    out.writeStructBegin(new TStruct());
    out.writeFieldBegin(new TField("", TType.STRUCT, (short) field));
    write(out);
    out.writeFieldEnd();
    out.writeFieldStop();
    out.writeStructEnd();
  }

  static Badge readInside(TProtocol in) throws TException {
    Badge badge = new Badge("nothing was there", null, null);
    in.readStructBegin();
    for (TField field = in.readFieldBegin(); field.type != TType.STOP; field = in.readFieldBegin()) {
      if (field.type == TType.STRUCT) {
        badge = read(in);
      } else {
        TProtocolUtil.skip(in, field.type);
      }
      in.readFieldEnd();
    }
    in.readStructEnd();
    return badge;
  }

  private void write(TProtocol out) throws TException {
    out.writeStructBegin(new TStruct("Badge"));
    out.writeFieldBegin(new TField("caseId", TType.STRING, (short) 1));
    out.writeString(caseId);
    out.writeFieldEnd();
    out.writeFieldBegin(new TField("id", TType.UUID, (short) 2));
    out.writeUuid(id);
    out.writeFieldEnd();
    if (parent != null) {
      out.writeFieldBegin(new TField("parent", TType.UUID, (short) 3));
      out.writeUuid(parent);
      out.writeFieldEnd();
    }
    out.writeFieldStop();
    out.writeStructEnd();
  }

  private static Badge read(TProtocol in) throws TException {
    String caseId = "";
    UUID id = null;
    UUID parent = null;
    in.readStructBegin();
    for (TField field = in.readFieldBegin(); field.type != TType.STOP; field = in.readFieldBegin()) {
      switch (field.id) {
        case 1 -> caseId = in.readString();
        case 2 -> id = in.readUuid();
        case 3 -> parent = in.readUuid();
        default -> TProtocolUtil.skip(in, field.type);
      }
      in.readFieldEnd();
    }
    in.readStructEnd();
    return new Badge(caseId, id, parent);
  }
}
