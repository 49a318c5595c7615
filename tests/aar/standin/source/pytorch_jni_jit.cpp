// Stands in for the bridge between Java and the full JIT: keeps what the stand-in for libtorch has.
extern "C" const unsigned char* standin_constants();
extern "C" int standin_common();

extern "C" int JNI_OnLoad(void*, void*) { return standin_constants()[0] + standin_common() != 0 ? 0x00010006 : 0; }
