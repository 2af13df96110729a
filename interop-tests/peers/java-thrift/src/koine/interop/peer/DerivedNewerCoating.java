package koine.interop.peer;

import koine.interop.derived.Coating;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TField;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.protocol.TStruct;
import org.apache.thrift.protocol.TType;

/** A Coating as a program writes it whose IDL already names one more color; see NewerPaint. */
final class DerivedNewerCoating extends Coating {
  private static final long serialVersionUID = 1L;
  private final int colorNumber;

  DerivedNewerCoating(int colorNumber, int layers) {
    this.colorNumber = colorNumber;
    setLayers(layers);
  }

  private DerivedNewerCoating(DerivedNewerCoating other) {
    super(other);
    this.colorNumber = other.colorNumber;
  }

  @Override
  public Coating deepCopy() {
    return new DerivedNewerCoating(this);
  }

  @Override
  public void write(TProtocol protocol) throws TException {
    protocol.writeStructBegin(new TStruct("Coating"));
    protocol.writeFieldBegin(new TField("case_id", TType.STRING, (short) 1));
    protocol.writeString(getCaseId());
    protocol.writeFieldEnd();
    protocol.writeFieldBegin(new TField("layers", TType.I32, (short) 2));
    protocol.writeI32(getLayers());
    protocol.writeFieldEnd();
    protocol.writeFieldBegin(new TField("color", TType.I32, (short) 3));
    protocol.writeI32(colorNumber);
    protocol.writeFieldEnd();
    protocol.writeFieldStop();
    protocol.writeStructEnd();
  }
}
