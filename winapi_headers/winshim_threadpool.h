/* winshim_threadpool.h - the types of thread pools, and callback environments; part of winnt.h.
 *
 * Environment  A TP_CALLBACK_ENVIRON says in which pool, and in which cleanup group, objects are made. It is the
 *              caller's, read when an object is made, and not kept. The functions are in the header, as in the SDK:
 *              those whose names begin with Tp, and those of winbase.h that call them.
 * Source       "Thread Pools", "Using the Thread Pool Functions", "InitializeThreadpoolEnvironment"
 */
#ifndef WINSHIM_THREADPOOL_H
#define WINSHIM_THREADPOOL_H

#include "winnt.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef DWORD TP_VERSION, *PTP_VERSION;
typedef struct _TP_CALLBACK_INSTANCE TP_CALLBACK_INSTANCE, *PTP_CALLBACK_INSTANCE;
typedef struct _TP_POOL TP_POOL, *PTP_POOL;
typedef struct _TP_CLEANUP_GROUP TP_CLEANUP_GROUP, *PTP_CLEANUP_GROUP;
typedef struct _TP_WORK TP_WORK, *PTP_WORK;
typedef struct _TP_TIMER TP_TIMER, *PTP_TIMER;
typedef struct _TP_WAIT TP_WAIT, *PTP_WAIT;
typedef DWORD TP_WAIT_RESULT; /* WAIT_OBJECT_0, WAIT_TIMEOUT, WAIT_ABANDONED_0 */

typedef VOID(NTAPI *PTP_SIMPLE_CALLBACK)(PTP_CALLBACK_INSTANCE Instance, PVOID Context);
typedef VOID(NTAPI *PTP_WORK_CALLBACK)(PTP_CALLBACK_INSTANCE Instance, PVOID Context, PTP_WORK Work);
typedef VOID(NTAPI *PTP_TIMER_CALLBACK)(PTP_CALLBACK_INSTANCE Instance, PVOID Context, PTP_TIMER Timer);
typedef VOID(NTAPI *PTP_WAIT_CALLBACK)(PTP_CALLBACK_INSTANCE Instance, PVOID Context, PTP_WAIT Wait,
                                       TP_WAIT_RESULT WaitResult);
typedef VOID(NTAPI *PTP_CLEANUP_GROUP_CANCEL_CALLBACK)(PVOID ObjectContext, PVOID CleanupContext);

typedef enum _TP_CALLBACK_PRIORITY {
    TP_CALLBACK_PRIORITY_HIGH,
    TP_CALLBACK_PRIORITY_NORMAL,
    TP_CALLBACK_PRIORITY_LOW,
    TP_CALLBACK_PRIORITY_INVALID,
    TP_CALLBACK_PRIORITY_COUNT = TP_CALLBACK_PRIORITY_INVALID
} TP_CALLBACK_PRIORITY;

typedef struct _TP_POOL_STACK_INFORMATION {
    SIZE_T StackReserve;
    SIZE_T StackCommit;
} TP_POOL_STACK_INFORMATION, *PTP_POOL_STACK_INFORMATION;

/* RaceDll: not NULL, the module of the callback stays loaded while the object lives. ActivationContext and Persistent
 * are read by nobody. */
typedef struct _TP_CALLBACK_ENVIRON_V3 {
    TP_VERSION Version; /* 1: without the last two members; 3 */
    PTP_POOL Pool;
    PTP_CLEANUP_GROUP CleanupGroup;
    PTP_CLEANUP_GROUP_CANCEL_CALLBACK CleanupGroupCancelCallback;
    PVOID RaceDll;
    struct _ACTIVATION_CONTEXT *ActivationContext;
    PTP_SIMPLE_CALLBACK FinalizationCallback;
    union {
        DWORD Flags;
        struct {
            DWORD LongFunction : 1;
            DWORD Persistent : 1;
            DWORD Private : 30;
        } s;
    } u;
    TP_CALLBACK_PRIORITY CallbackPriority;
    DWORD Size;
} TP_CALLBACK_ENVIRON_V3;
typedef TP_CALLBACK_ENVIRON_V3 TP_CALLBACK_ENVIRON, *PTP_CALLBACK_ENVIRON;

static FORCEINLINE VOID TpInitializeCallbackEnviron(PTP_CALLBACK_ENVIRON cbe)
{
    cbe->Version = 3;
    cbe->Pool = NULL;
    cbe->CleanupGroup = NULL;
    cbe->CleanupGroupCancelCallback = NULL;
    cbe->RaceDll = NULL;
    cbe->ActivationContext = NULL;
    cbe->FinalizationCallback = NULL;
    cbe->u.Flags = 0;
    cbe->CallbackPriority = TP_CALLBACK_PRIORITY_NORMAL;
    cbe->Size = sizeof(TP_CALLBACK_ENVIRON);
}
static FORCEINLINE VOID TpSetCallbackThreadpool(PTP_CALLBACK_ENVIRON cbe, PTP_POOL pool)
{
    cbe->Pool = pool;
}
static FORCEINLINE VOID TpSetCallbackCleanupGroup(PTP_CALLBACK_ENVIRON cbe, PTP_CLEANUP_GROUP cleanup_group,
                                                  PTP_CLEANUP_GROUP_CANCEL_CALLBACK cleanup_group_cb)
{
    cbe->CleanupGroup = cleanup_group;
    cbe->CleanupGroupCancelCallback = cleanup_group_cb;
}
static FORCEINLINE VOID TpSetCallbackLongFunction(PTP_CALLBACK_ENVIRON cbe)
{
    cbe->u.s.LongFunction = 1;
}
static FORCEINLINE VOID TpSetCallbackRaceWithDll(PTP_CALLBACK_ENVIRON cbe, PVOID h)
{
    cbe->RaceDll = h;
}
static FORCEINLINE VOID TpSetCallbackFinalizationCallback(PTP_CALLBACK_ENVIRON cbe, PTP_SIMPLE_CALLBACK fini_cb)
{
    cbe->FinalizationCallback = fini_cb;
}
static FORCEINLINE VOID TpSetCallbackPriority(PTP_CALLBACK_ENVIRON cbe, TP_CALLBACK_PRIORITY prio)
{
    cbe->CallbackPriority = prio;
}
static FORCEINLINE VOID TpSetCallbackPersistent(PTP_CALLBACK_ENVIRON cbe)
{
    cbe->u.s.Persistent = 1;
}
static FORCEINLINE VOID TpDestroyCallbackEnviron(PTP_CALLBACK_ENVIRON cbe)
{
    UNREFERENCED_PARAMETER(cbe);
}

/* ---- flags of the older calls (threadpoollegacyapiset.h) ---- */
typedef VOID(NTAPI *WAITORTIMERCALLBACKFUNC)(PVOID Parameter, BOOLEAN TimerOrWaitFired);

#define WT_EXECUTEDEFAULT 0x00000000
#define WT_EXECUTEINIOTHREAD 0x00000001           /* as WT_EXECUTEDEFAULT */
#define WT_EXECUTEINUITHREAD 0x00000002           /* as WT_EXECUTEDEFAULT */
#define WT_EXECUTEINWAITTHREAD 0x00000004         /* in the thread that waits: keep it short */
#define WT_EXECUTEONLYONCE 0x00000008             /* one callback, and the wait or timer is over */
#define WT_EXECUTELONGFUNCTION 0x00000010         /* may take long: a thread more is made for it at once */
#define WT_EXECUTEINTIMERTHREAD 0x00000020        /* in the thread that keeps the due times: keep it short */
#define WT_EXECUTEINPERSISTENTIOTHREAD 0x00000040 /* as WT_EXECUTEDEFAULT */
#define WT_EXECUTEINPERSISTENTTHREAD 0x00000080   /* as WT_EXECUTEDEFAULT */
#define WT_TRANSFER_IMPERSONATION 0x00000100      /* there is no impersonation to transfer */
#define WT_EXECUTEDELETEWAIT 0x00000008
#define WT_EXECUTEINLONGTHREAD 0x00000010
#define WT_SET_MAX_THREADPOOL_THREADS(Flags, Limit) ((Flags) |= (Limit) << 16)

#ifdef __cplusplus
}
#endif

#endif /* WINSHIM_THREADPOOL_H */
