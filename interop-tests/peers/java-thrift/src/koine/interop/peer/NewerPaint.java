package koine.interop.peer;

import koine.interop.contract.Paint;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TField;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.protocol.TStruct;
import org.apache.thrift.protocol.TType;

/**
 * A Paint as a program writes it whose IDL already names one more colour: Java's generated enum has
 * no place for a number that this IDL does not know.
 */
final class NewerPaint extends Paint {
  private static final long serialVersionUID = 1L;
  private final int colourNumber;

  NewerPaint(int colourNumber, int coats) {
    this.colourNumber = colourNumber;
    setCoats(coats);
  }

  private NewerPaint(NewerPaint other) {
    super(other);
    this.colourNumber = other.colourNumber;
  }

  @Override
  public Paint deepCopy() {
    return new NewerPaint(this);
  }

  @Override
  public void write(TProtocol protocol) throws TException {
    protocol.writeStructBegin(new TStruct("Paint"));
    protocol.writeFieldBegin(new TField("caseId", TType.STRING, (short) 1));
    protocol.writeString(getCaseId());
    protocol.writeFieldEnd();
    protocol.writeFieldBegin(new TField("colour", TType.I32, (short) 2));
    protocol.writeI32(colourNumber);
    protocol.writeFieldEnd();
    protocol.writeFieldBegin(new TField("coats", TType.I32, (short) 3));
    protocol.writeI32(getCoats());
    protocol.writeFieldEnd();
    protocol.writeFieldStop();
    protocol.writeStructEnd();
  }
}
