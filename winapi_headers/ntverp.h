/* ntverp.h - the number of the SDK, for sources that ask it whether an SDK is old: it says so. */
#ifndef VER_PRODUCTBUILD
#define VER_PRODUCTBUILD 3790
#endif
