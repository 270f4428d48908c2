/* A sequence of calls that was found by make conformance-random.
 *
 * A killed process is signaled, whether somebody has told of its end or not: a wait for it and for others must not be
 * satisfied by the others (WaitMultiple-02, Process-03).
 */
#define PROFILE "ce"
#define SEQUENCE \
    START(0) \
    START(2) \
    RETURNS(ACTOR(0, 0), 1, 0, NOTHING, "", made(&h[2], OpenProcess(0x1fffff, FALSE, (DWORD)stage_pid(2)))) \
    RETURNS(ACTOR(0, 0), 1, 0, NOTHING, "", made(&h[7], CreateSemaphoreA(NULL, 3, 3, NULL))) \
    KILL(2) \
    RETURNS(ACTOR(0, 0), 0, 0, NOTHING, "", WaitForMultipleObjects(2, (HANDLE[]){h[2], h[7]}, FALSE, 0)) \
    RETURNS(ACTOR(0, 0), 0, 0, NOTHING, "", WaitForMultipleObjects(2, (HANDLE[]){h[2], h[7]}, FALSE, INFINITE))
#include "conformance/random/replay.h"
