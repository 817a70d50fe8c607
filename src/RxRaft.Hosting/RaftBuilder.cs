using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace RxRaft.Hosting;

/// <summary>Adds to a service's Raft node.</summary>
public sealed class RaftBuilder
{
    internal RaftBuilder(IServiceCollection services) => Services = services;

    /// <summary>Where everything is added.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Adds work that runs while this node leads.</summary>
    /// <typeparam name="T">
    /// Made anew for every run, in a scope of its own. If it is in the services already, that says how long it lives.
    /// </typeparam>
    public RaftBuilder AddLeaderService<T>() where T : class, ILeaderService
    {
        Services.TryAddScoped<T>();
        Services.AddHostedService<LeaderServiceHost<T>>();
        return this;
    }
}
