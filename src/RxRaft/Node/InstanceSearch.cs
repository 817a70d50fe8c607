using System.Runtime.CompilerServices;
using LanguageExt.ClassInstances;

namespace RxRaft;

/// <summary>
/// When the first <c>Set</c> or <c>Map</c> of a process compares something, LanguageExt looks through all types of all
/// its assemblies for instances of its type classes (an <c>OrdNodeId</c>, say): 0.6 s of a processor, before a node
/// says its first word.
/// </summary>
public static class InstanceSearch
{
    /// <summary>
    /// Leaves that search out, for this process; to be called before anything else. Values are compared as .NET
    /// compares them then, which is what the search ends with where it finds nothing: so for all of RxRaft's. Who has
    /// written such instances and has them found by their names must not call it.
    /// </summary>
    public static void Skip()
    {
        var nothing = (ClassInstancesAssembly)RuntimeHelpers.GetUninitializedObject(typeof(ClassInstancesAssembly));
        nothing.Types = [];
        nothing.Structs = [];
        nothing.AllClassInstances = [];
        nothing.ClassInstances = [];
        ClassInstancesAssembly.singleton = nothing;
    }
}
