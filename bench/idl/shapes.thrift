/** The shapes of the benchmarks beside the order message. */
namespace cpp shapes_thrift

struct Flat {
  1: i32 n1
  2: i64 n2
  3: i32 n3
  4: i64 n4
  5: i32 n5
  6: i64 n6
  7: i32 n7
  8: i64 n8
  9: i32 n9
  10: i64 n10
  11: i32 n11
  12: i64 n12
  13: i32 n13
  14: i64 n14
  15: i32 n15
  16: i64 n16
  17: i32 n17
  18: i64 n18
  19: i32 n19
  20: i64 n20
}

struct Texts {
  1: string title
  2: string author
  3: string summary
  4: string language
  5: list<string> paragraphs
  6: list<string> keywords
}

struct Node {
  1: i32 value
  2: string name
  3: optional Node& child
}

struct Maps {
  1: map<string, string> labels
  2: map<i32, i64> counts
  3: map<string, i64> totals
}

struct Blob {
  1: i64 id
  2: binary data
}

/** Of its fields a message has few. */
struct Sparse {
  1: optional i64 f0
  2: optional string f1
  3: optional i64 f2
  4: optional string f3
  5: optional i64 f4
  6: optional string f5
  7: optional i64 f6
  8: optional string f7
  9: optional i64 f8
  10: optional string f9
  11: optional i64 f10
  12: optional string f11
  13: optional i64 f12
  14: optional string f13
  15: optional i64 f14
  16: optional string f15
  17: optional i64 f16
  18: optional string f17
  19: optional i64 f18
  20: optional string f19
  21: optional i64 f20
  22: optional string f21
  23: optional i64 f22
  24: optional string f23
  25: optional i64 f24
  26: optional string f25
  27: optional i64 f26
  28: optional string f27
  29: optional i64 f28
  30: optional string f29
  31: optional i64 f30
  32: optional string f31
  33: optional i64 f32
  34: optional string f33
  35: optional i64 f34
  36: optional string f35
  37: optional i64 f36
  38: optional string f37
  39: optional i64 f38
  40: optional string f39
  41: optional i64 f40
  42: optional string f41
  43: optional i64 f42
  44: optional string f43
  45: optional i64 f44
  46: optional string f45
  47: optional i64 f46
  48: optional string f47
  49: optional i64 f48
  50: optional string f49
  51: optional i64 f50
  52: optional string f51
  53: optional i64 f52
  54: optional string f53
  55: optional i64 f54
  56: optional string f55
  57: optional i64 f56
  58: optional string f57
  59: optional i64 f58
  60: optional string f59
  61: optional i64 f60
  62: optional string f61
  63: optional i64 f62
  64: optional string f63
  65: optional i64 f64
  66: optional string f65
  67: optional i64 f66
  68: optional string f67
  69: optional i64 f68
  70: optional string f69
  71: optional i64 f70
  72: optional string f71
  73: optional i64 f72
  74: optional string f73
  75: optional i64 f74
  76: optional string f75
  77: optional i64 f76
  78: optional string f77
  79: optional i64 f78
  80: optional string f79
  81: optional i64 f80
  82: optional string f81
  83: optional i64 f82
  84: optional string f83
  85: optional i64 f84
  86: optional string f85
  87: optional i64 f86
  88: optional string f87
  89: optional i64 f88
  90: optional string f89
  91: optional i64 f90
  92: optional string f91
  93: optional i64 f92
  94: optional string f93
  95: optional i64 f94
  96: optional string f95
  97: optional i64 f96
  98: optional string f97
  99: optional i64 f98
  100: optional string f99
  101: optional i64 f100
  102: optional string f101
  103: optional i64 f102
  104: optional string f103
  105: optional i64 f104
  106: optional string f105
  107: optional i64 f106
  108: optional string f107
  109: optional i64 f108
  110: optional string f109
  111: optional i64 f110
  112: optional string f111
  113: optional i64 f112
  114: optional string f113
  115: optional i64 f114
  116: optional string f115
  117: optional i64 f116
  118: optional string f117
  119: optional i64 f118
  120: optional string f119
  121: optional i64 f120
  122: optional string f121
  123: optional i64 f122
  124: optional string f123
  125: optional i64 f124
  126: optional string f125
  127: optional i64 f126
  128: optional string f127
  129: optional i64 f128
  130: optional string f129
  131: optional i64 f130
  132: optional string f131
  133: optional i64 f132
  134: optional string f133
  135: optional i64 f134
  136: optional string f135
  137: optional i64 f136
  138: optional string f137
  139: optional i64 f138
  140: optional string f139
  141: optional i64 f140
  142: optional string f141
  143: optional i64 f142
  144: optional string f143
  145: optional i64 f144
  146: optional string f145
  147: optional i64 f146
  148: optional string f147
  149: optional i64 f148
  150: optional string f149
  151: optional i64 f150
  152: optional string f151
  153: optional i64 f152
  154: optional string f153
  155: optional i64 f154
  156: optional string f155
  157: optional i64 f156
  158: optional string f157
  159: optional i64 f158
  160: optional string f159
  161: optional i64 f160
  162: optional string f161
  163: optional i64 f162
  164: optional string f163
  165: optional i64 f164
  166: optional string f165
  167: optional i64 f166
  168: optional string f167
  169: optional i64 f168
  170: optional string f169
  171: optional i64 f170
  172: optional string f171
  173: optional i64 f172
  174: optional string f173
  175: optional i64 f174
  176: optional string f175
  177: optional i64 f176
  178: optional string f177
  179: optional i64 f178
  180: optional string f179
  181: optional i64 f180
  182: optional string f181
  183: optional i64 f182
  184: optional string f183
  185: optional i64 f184
  186: optional string f185
  187: optional i64 f186
  188: optional string f187
  189: optional i64 f188
  190: optional string f189
  191: optional i64 f190
  192: optional string f191
  193: optional i64 f192
  194: optional string f193
  195: optional i64 f194
  196: optional string f195
  197: optional i64 f196
  198: optional string f197
  199: optional i64 f198
  200: optional string f199
}
