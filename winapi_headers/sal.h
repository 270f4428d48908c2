/* sal.h - source annotations: accepted, without effect.
 *
 * Purpose     Lets annotated declarations compile. Both generations: _In_opt_ and the older __in_opt.
 * Limits      In C++ the old words __in and __out are left out, because libstdc++ uses them as names of parameters;
 *             define WINSHIM_OLD_SAL to have them, and include the C++ library's headers first.
 */
#ifndef _SAL_H_
#define _SAL_H_

/* ---- parameters ---- */
#define _In_
#define _In_opt_
#define _In_z_
#define _In_opt_z_
#define _In_reads_(count)
#define _In_reads_opt_(count)
#define _In_reads_z_(count)
#define _In_reads_or_z_(count)
#define _In_reads_bytes_(bytes)
#define _In_reads_bytes_opt_(bytes)
#define _In_range_(low, high)
#define _Out_
#define _Out_opt_
#define _Out_writes_(count)
#define _Out_writes_opt_(count)
#define _Out_writes_z_(count)
#define _Out_writes_opt_z_(count)
#define _Out_writes_bytes_(bytes)
#define _Out_writes_bytes_opt_(bytes)
#define _Out_writes_to_(count, used)
#define _Out_writes_to_opt_(count, used)
#define _Out_writes_bytes_to_(bytes, used)
#define _Out_writes_bytes_to_opt_(bytes, used)
#define _Out_writes_all_(count)
#define _Out_range_(low, high)
#define _Outptr_
#define _Outptr_opt_
#define _Outptr_result_maybenull_
#define _Outptr_opt_result_maybenull_
#define _Outptr_result_z_
#define _COM_Outptr_
#define _Inout_
#define _Inout_opt_
#define _Inout_z_
#define _Inout_updates_(count)
#define _Inout_updates_opt_(count)
#define _Inout_updates_z_(count)
#define _Inout_updates_bytes_(bytes)
#define _Reserved_
#define _Pre_maybenull_
#define _Pre_notnull_
#define _Pre_valid_
#define _Post_invalid_
#define _Post_ptr_invalid_
#define _Post_valid_
#define _Post_satisfies_(condition)
#define _Deref_out_
#define _Deref_out_opt_
#define _Deref_pre_maybenull_
#define _Deref_post_maybenull_
#define _Frees_ptr_
#define _Frees_ptr_opt_
#define _Printf_format_string_
#define _Scanf_format_string_

/* ---- results, conditions, types ---- */
#define _Ret_maybenull_
#define _Ret_notnull_
#define _Ret_null_
#define _Ret_z_
#define _Ret_range_(low, high)
#define _Ret_writes_(count)
#define _Check_return_
#define _Check_return_opt_
#define _Must_inspect_result_
#define _Success_(condition)
#define _Return_type_success_(condition)
#define _On_failure_(annotations)
#define _Always_(annotations)
#define _When_(condition, annotations)
#define _At_(target, annotations)
#define _Use_decl_annotations_
#define _Null_terminated_
#define _NullNull_terminated_
#define _Notnull_
#define _Maybenull_
#define _Notref_
#define _Points_to_data_
#define _Field_size_(count)
#define _Field_size_opt_(count)
#define _Field_size_bytes_(bytes)
#define _Field_range_(low, high)
#define _Struct_size_bytes_(bytes)
#define _Analysis_assume_(condition)
#define _Function_class_(name)

/* ---- locks ---- */
#define _Acquires_lock_(lock)
#define _Acquires_exclusive_lock_(lock)
#define _Acquires_shared_lock_(lock)
#define _Releases_lock_(lock)
#define _Releases_exclusive_lock_(lock)
#define _Releases_shared_lock_(lock)
#define _Requires_lock_held_(lock)
#define _Requires_lock_not_held_(lock)
#define _Requires_exclusive_lock_held_(lock)
#define _Requires_shared_lock_held_(lock)
#define _Guarded_by_(lock)
#define _Interlocked_
#define _Interlocked_operand_

/* ---- the older generation ---- */
#if !defined(__cplusplus) || defined(WINSHIM_OLD_SAL)
#define __in
#define __out
#endif
#define __in_opt
#define __in_z
#define __in_z_opt
#define __in_ecount(count)
#define __in_ecount_opt(count)
#define __in_bcount(bytes)
#define __in_bcount_opt(bytes)
#define __out_opt
#define __out_z
#define __out_ecount(count)
#define __out_ecount_opt(count)
#define __out_ecount_part(count, used)
#define __out_ecount_part_opt(count, used)
#define __out_bcount(bytes)
#define __out_bcount_opt(bytes)
#define __out_bcount_part(bytes, used)
#define __out_bcount_part_opt(bytes, used)
#define __inout
#define __inout_opt
#define __inout_z
#define __inout_ecount(count)
#define __inout_bcount(bytes)
#define __deref_in
#define __deref_in_opt
#define __deref_inout
#define __deref_inout_opt
#define __deref_out
#define __deref_out_opt
#define __checkReturn

#endif /* _SAL_H_ */
