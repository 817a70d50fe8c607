using System.Linq;
using System.Reactive.Linq;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using RxRaft;
using RxRaft.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>A Raft node in a service.</summary>
public static class RaftServiceCollectionExtensions
{
    /// <summary>
    /// Adds a node that elects leaders. To be injected: <see cref="RaftNode"/> and its <see cref="TcpWire"/> once the
    /// host has started, and at any time <c>IObservable&lt;Leadership&gt;</c>, and <c>IObservable&lt;RaftNode&gt;</c>,
    /// which emits the node.
    /// </summary>
    /// <param name="services">Of the service. It has one node.</param>
    /// <param name="section">See <see cref="RaftOptions"/>.</param>
    /// <exception cref="InvalidOperationException">The service has a node already.</exception>
    public static RaftBuilder AddRaft(this IServiceCollection services, IConfiguration section) =>
        services.AddNode(From(section), _ => RaftNode.Start);

    /// <summary>Adds a node that elects leaders, whose options are set in code.</summary>
    /// <param name="services">Of the service. It has one node.</param>
    /// <param name="configure">Sets <see cref="RaftOptions"/>, once.</param>
    /// <inheritdoc cref="AddRaft(IServiceCollection, IConfiguration)"/>
    public static RaftBuilder AddRaft(this IServiceCollection services, Action<RaftOptions> configure) =>
        services.AddNode(From(configure), _ => RaftNode.Start);

    /// <summary>Adds a node with a replicated state machine.</summary>
    /// <param name="services">Of the service. It has one node.</param>
    /// <param name="section">See <see cref="RaftOptions"/>.</param>
    /// <param name="machine">The same at every node.</param>
    /// <remarks>
    /// To be injected, besides what <see cref="AddRaft(IServiceCollection, IConfiguration)"/> says:
    /// <see cref="RaftNode{TState, TCommand, TResult}"/>, and an observable of it.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The service has a node already.</exception>
    public static RaftBuilder AddRaft<TState, TCommand, TResult>(
        this IServiceCollection services, IConfiguration section, IMachine<TState, TCommand, TResult> machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        return services.AddRaft(section, _ => machine);
    }

    /// <summary>Adds a node with a replicated state machine that is made of other services.</summary>
    /// <param name="services">Of the service. It has one node.</param>
    /// <param name="section">See <see cref="RaftOptions"/>.</param>
    /// <param name="machine">Makes it, once, when the host starts.</param>
    /// <exception cref="InvalidOperationException">The service has a node already.</exception>
    public static RaftBuilder AddRaft<TState, TCommand, TResult>(
        this IServiceCollection services, IConfiguration section,
        Func<IServiceProvider, IMachine<TState, TCommand, TResult>> machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        return services.AddNode(From(section), machine);
    }

    /// <summary>Adds a node with a replicated state machine, whose options are set in code.</summary>
    /// <param name="services">Of the service. It has one node.</param>
    /// <param name="configure">Sets <see cref="RaftOptions"/>, once.</param>
    /// <param name="machine">The same at every node.</param>
    /// <inheritdoc cref="AddRaft{S,C,R}(IServiceCollection, IConfiguration, IMachine{S,C,R})"/>
    public static RaftBuilder AddRaft<TState, TCommand, TResult>(
        this IServiceCollection services, Action<RaftOptions> configure, IMachine<TState, TCommand, TResult> machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        return services.AddNode(From(configure), _ => machine);
    }

    /// <summary>
    /// Adds the node's health: unhealthy when it does not run; degraded when it knows no leader, lags, or has a disk
    /// that does not answer, as <see cref="RaftHealthOptions"/> says.
    /// </summary>
    /// <param name="builder">Of the service's health checks.</param>
    /// <param name="name">Of this one.</param>
    /// <param name="failureStatus">What to say of a node that does not run.</param>
    /// <param name="tags">To filter by.</param>
    public static IHealthChecksBuilder AddRaft(
        this IHealthChecksBuilder builder, string name = "raft", HealthStatus failureStatus = HealthStatus.Unhealthy,
        params string[] tags)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name, from => ActivatorUtilities.CreateInstance<RaftHealthCheck>(from), failureStatus, tags));
    }

    private static Action<OptionsBuilder<RaftOptions>> From(IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return options => options.Bind(section, binder => binder.ErrorOnUnknownConfiguration = true);
    }

    private static Action<OptionsBuilder<RaftOptions>> From(Action<RaftOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return options => options.Configure(configure);
    }

    private static RaftBuilder AddNode<TState, TCommand, TResult>(
        this IServiceCollection services, Action<OptionsBuilder<RaftOptions>> options,
        Func<IServiceProvider, IMachine<TState, TCommand, TResult>> machine)
    {
        var raft = services.AddNode(options, from => setup => RaftNode.Start(setup, machine(from)));
        services.AddSingleton(from => (RaftNode<TState, TCommand, TResult>)from.GetRequiredService<RaftHost>().Node);
        services.AddSingleton(from =>
            from.GetRequiredService<RaftHost>().Nodes.Cast<RaftNode<TState, TCommand, TResult>>());
        return raft;
    }

    private static RaftBuilder AddNode(
        this IServiceCollection services, Action<OptionsBuilder<RaftOptions>> options,
        Func<IServiceProvider, NodeStart> start)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Any(service => service.ServiceType == typeof(RaftHost)))
            throw new InvalidOperationException("AddRaft was called before: a service has one Raft node");

        services.AddMetrics();
        options(services.AddOptions<RaftOptions>().ValidateOnStart());
        services.TryAddSingleton(new HostName(Environment.MachineName));
        services.AddSingleton<IValidateOptions<RaftOptions>>(from =>
            new RaftOptionsCheck(() => from.GetRequiredService<HostName>().Name));

        services.AddSingleton(start);
        services.AddSingleton<NodeOpening>();
        services.AddSingleton<RaftHost>();
        services.AddHostedService(from => from.GetRequiredService<RaftHost>());
        services.AddSingleton(from => from.GetRequiredService<RaftHost>().Node);
        services.AddSingleton(from => from.GetRequiredService<RaftHost>().Wire);
        services.AddSingleton(from => from.GetRequiredService<RaftHost>().Nodes);
        services.AddSingleton(from => from.GetRequiredService<RaftHost>().Leadership);
        return new(services);
    }
}
