/* A sequence of calls that was found by make conformance-random.
 *
 * A thread ends with its process, and a poll of a handle to it says so (WaitSingle-22).
 */
#define PROFILE "ce"
#define SEQUENCE \
    START(0) \
    START(1) \
    BORN(1, ACTOR(0, 0), 1, 0, NOTHING, "", stage_thread(ACTOR(0, 1), 0)) \
    RETURNS(ACTOR(1, 0), 1, 0, NOTHING, "", made(&h[0], OpenThread(0x1fffff, FALSE, (DWORD)stage_tid(1)))) \
    RETURNS(ACTOR(1, 0), 0x102, 0, NOTHING, "", WaitForSingleObject(h[0], 0)) \
    KILL(0) \
    RETURNS(ACTOR(1, 0), 0, 0, NOTHING, "", WaitForSingleObject(h[0], 0)) \
    RETURNS(ACTOR(1, 0), 0, 0, NOTHING, "", WaitForSingleObject(h[0], INFINITE))
#include "conformance/random/replay.h"
