/*
 * Copyright 2026-present the JetStream Spring Boot authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.jetstreamspring.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import io.github.jetstreamspring.messaging.SigningKey;
import io.github.jetstreamspring.topology.TopologyReport.Row;
import io.github.jetstreamspring.messaging.ViolationMemory;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Compares streams and consumers with the server, setting by setting, and creates or
 * updates them. Everything is checked before anything is written, with what else the
 * server has in view, and nothing is written when nothing differs. What is on the server
 * but not in the topology is left alone, except schedules that this application declared
 * before.
 * <p>
 * Several applications can declare the same at the same time.
 *
 * @since 0.1.0
 */
public final class TopologyDeclarer {

	private static final Log logger = LogFactory.getLog(TopologyDeclarer.class);

	private final JetStreamManagement management;

	private final Supplier<String> serverVersion;

	private final TopologyMode mode;

	private final ScheduleOwner owner;

	private final @Nullable String connection;

	private final Unanswered unanswered;

	private final BooleanSupplier standAlone;

	private final @Nullable Connection natsConnection;

	/**
	 * Creates a declarer.
	 * @param management access to the server's streams and consumers
	 * @param serverVersion returns the version of the connected server, such as
	 * {@code 2.12.1}
	 * @param mode what is done about streams and consumers that are missing or differ
	 */
	public TopologyDeclarer(JetStreamManagement management, Supplier<String> serverVersion, TopologyMode mode) {
		this(management, serverVersion, mode, null);
	}

	/**
	 * Creates a declarer for a named connection.
	 * @param management access to the server's streams and consumers
	 * @param serverVersion returns the version of the connected server, such as
	 * {@code 2.12.1}
	 * @param mode what is done about streams and consumers that are missing or differ
	 * @param connection the connection's name, below which problems have their keys;
	 * {@code null} for the default connection
	 */
	public TopologyDeclarer(JetStreamManagement management, Supplier<String> serverVersion, TopologyMode mode,
			@Nullable String connection) {
		this(management, serverVersion, mode, connection, ScheduleOwner.NOBODY, Unanswered.UNEXPLAINED, () -> false,
				null);
	}

	private TopologyDeclarer(JetStreamManagement management, Supplier<String> serverVersion, TopologyMode mode,
			@Nullable String connection, ScheduleOwner owner, Unanswered unanswered, BooleanSupplier standAlone,
			@Nullable Connection natsConnection) {
		this.management = management;
		this.serverVersion = serverVersion;
		this.mode = mode;
		this.connection = connection;
		this.owner = owner;
		this.unanswered = unanswered;
		this.standAlone = standAlone;
		this.natsConnection = natsConnection;
	}

	/**
	 * Returns a declarer that knows whose schedules it declares.
	 * @param owner the name of the application, the same for all its instances, by which
	 * its schedules are told from those of others; without one, schedules that are no
	 * longer declared stay on the server
	 * @return a declarer like this one
	 */
	public TopologyDeclarer ownedBy(@Nullable String owner) {
		return new TopologyDeclarer(this.management, this.serverVersion, this.mode, this.connection,
				this.owner.named(owner), this.unanswered, this.standAlone, this.natsConnection);
	}

	/**
	 * Returns a declarer whose schedules have subjects that nobody can guess who doesn't
	 * have the application's key.
	 * @param signingKey the key, the same for all instances of the application;
	 * {@code null} for one that is made of the stream's creation time
	 * @return a declarer like this one
	 */
	public TopologyDeclarer signingWith(@Nullable SigningKey signingKey) {
		return new TopologyDeclarer(this.management, this.serverVersion, this.mode, this.connection,
				this.owner.signingWith(signingKey), this.unanswered, this.standAlone, this.natsConnection);
	}

	/**
	 * Returns a declarer that knows the connection of its management. It tells a
	 * permission that is missing, which the server reports to the connection only, and
	 * its updates keep settings of a stream that only a newer server knows; without it,
	 * such an update is refused.
	 * @param natsConnection the connection
	 * @return a declarer like this one
	 */
	public TopologyDeclarer on(Connection natsConnection) {
		return new TopologyDeclarer(this.management, this.serverVersion, this.mode, this.connection, this.owner,
				new Unanswered(ViolationMemory.of(natsConnection)), this.standAlone, natsConnection);
	}

	/**
	 * Returns a declarer that knows whether streams can have replicas.
	 * @param standAlone tells whether JetStream runs on the connected server, and that is
	 * in no cluster; without it, the server is left to say so when it is too late
	 * @return a declarer like this one
	 */
	public TopologyDeclarer onStandAloneServer(BooleanSupplier standAlone) {
		return new TopologyDeclarer(this.management, this.serverVersion, this.mode, this.connection, this.owner,
				this.unanswered, standAlone, this.natsConnection);
	}

	/**
	 * Declares streams and consumers.
	 * @param topology what shall be on the server
	 * @return what became of each stream and consumer; nothing in mode
	 * {@link TopologyMode#NONE}
	 * @throws TopologyException if something is wrong. If it could be known without
	 * writing, nothing was written; when the server itself refuses to write something,
	 * the exception says what was written before. Of a part of a topology, everything
	 * else is written then.
	 */
	public List<TopologyResult> declare(Topology topology) {
		if (this.mode == TopologyMode.NONE) {
			return List.of();
		}
		try {
			return declareAll(topology);
		}
		catch (TopologyException ex) {
			throw (this.connection != null) ? ex.of(this.connection) : ex;
		}
	}

	/**
	 * Looks for everything that would keep streams and consumers from being declared, as
	 * far as it can be known without writing. Writes nothing, and does nothing in mode
	 * {@link TopologyMode#NONE}.
	 * @param topology what shall be on the server
	 * @throws TopologyException if something is wrong
	 */
	public void check(Topology topology) {
		if (this.mode == TopologyMode.NONE) {
			return;
		}
		try {
			prepare(topology);
		}
		catch (TopologyException ex) {
			throw (this.connection != null) ? ex.of(this.connection) : ex;
		}
	}

	private List<TopologyResult> declareAll(Topology topology) {
		Prepared prepared = prepare(topology);
		if (!topology.isPart()) {
			for (String warning : TopologyWarnings.of(prepared.plans, this.mode, ServerVersion.of(prepared.version))) {
				logger.warn(named(warning));
			}
		}
		Problems problems = new Problems();
		List<TopologyResult> results = new TopologyWriter(this.management, ServerVersion.of(prepared.version),
				this.mode, problems, this.connection, this.unanswered.again(), topology.isPart(), this.natsConnection)
			.write(prepared.plans);
		problems.throwIfAny();
		// Not before their streams are what they shall be
		new ScheduleDeclarer(this.management, store(), prepared.version, this.mode, this.owner, problems)
			.write(topology, prepared.schedules, prepared.plans);
		problems.throwIfAny();
		return List.copyOf(results);
	}

	private ScheduleStore store() {
		return new ScheduleStore(this.management, this.natsConnection);
	}

	private String named(String text) {
		return (this.connection != null) ? Keys.of(this.connection, text) : text;
	}

	/**
	 * Does everything but write.
	 */
	private Prepared prepare(Topology topology) {
		Problems problems = new Problems();
		problems.addAll(topology.conflicts());
		String version = this.serverVersion.get();
		ServerVersion server = ServerVersion.of(version);
		List<StreamPlan> plans = new TopologyPlanner(this.management, new SettingsCheck(version), problems,
				this.unanswered.again())
			.plan(topology);
		List<TopologyProblem> differences = TopologyVerdict.of(plans, this.mode, server);
		Problems wrong = wrong(topology, plans, this.mode);
		List<DeclaredSchedule> schedules = new ScheduleDeclarer(this.management, store(), version, this.mode,
				this.owner, wrong)
			.plan(topology, plans);
		if (this.mode == TopologyMode.VALIDATE && !differences.isEmpty()) {
			problems.addAll(wrong.all());
			List<Row> rows = new TopologyReporter(server).rows(plans, problems.all());
			TopologyReport report = new TopologyReport(version, this.mode, rows, problems.all(), List.of());
			problems.addAll(differences);
			throw new TopologyException(problems.all(), report);
		}
		problems.addAll(differences);
		problems.addAll(wrong.all());
		problems.throwIfAny();
		return new Prepared(version, plans, schedules);
	}

	/**
	 * Compares streams and consumers with the server, and writes nothing, whatever the
	 * mode.
	 * @param topology what shall be on the server
	 * @return what differs and what is wrong
	 */
	public TopologyReport report(Topology topology) {
		TopologyReport report = compare(topology);
		return (this.connection != null) ? report.of(this.connection) : report;
	}

	/**
	 * Returns what the server has otherwise than it is defined, without anything else
	 * that {@link #report} looks for.
	 * @param topology what shall be on the server
	 * @return a row for each difference, or {@code null} if the server can't be asked for
	 * all
	 */
	public @Nullable List<Row> differences(Topology topology) {
		Problems problems = new Problems();
		String version = this.serverVersion.get();
		try {
			List<StreamPlan> plans = new TopologyPlanner(this.management, new SettingsCheck(version), problems,
					this.unanswered.again())
				.plan(topology);
			ScheduleDeclarer schedules = new ScheduleDeclarer(this.management, store(), version, TopologyMode.UPDATE,
					this.owner, problems);
			List<DeclaredSchedule> declared = schedules.plan(topology, plans);
			List<Row> rows = new ArrayList<>(
					new TopologyReporter(ServerVersion.of(version)).rows(plans, problems.all()));
			rows.addAll(schedules.rows(topology, declared, plans));
			return List.copyOf(rows);
		}
		catch (TopologyException ex) {
			return null;
		}
	}

	private TopologyReport compare(Topology topology) {
		Problems problems = new Problems();
		problems.addAll(topology.conflicts());
		String version = this.serverVersion.get();
		List<StreamPlan> plans;
		try {
			plans = new TopologyPlanner(this.management, new SettingsCheck(version), problems, this.unanswered.again())
				.plan(topology);
		}
		catch (TopologyException ex) {
			return new TopologyReport(version, this.mode, List.of(), ex.getProblems(), List.of());
		}
		problems.addAll(wrong(topology, plans, TopologyMode.UPDATE).all());
		ScheduleDeclarer schedules = new ScheduleDeclarer(this.management, store(), version, TopologyMode.UPDATE,
				this.owner, problems);
		List<DeclaredSchedule> declared = schedules.plan(topology, plans);
		TopologyReporter reporter = new TopologyReporter(ServerVersion.of(version));
		List<Row> rows = new ArrayList<>(reporter.rows(plans, problems.all()));
		rows.addAll(schedules.rows(topology, declared, plans));
		List<String> notes = new ArrayList<>(reporter.notes(plans, this.management));
		TopologyWarnings.of(plans, TopologyMode.UPDATE, ServerVersion.of(version))
			.stream()
			.map(this::named)
			.forEach(notes::add);
		return new TopologyReport(version, this.mode, rows, problems.all(), notes);
	}

	/**
	 * Returns what is wrong besides differences: what can't go together, or not with what
	 * else the server has.
	 */
	private Problems wrong(Topology topology, List<StreamPlan> plans, TopologyMode mode) {
		Problems problems = new Problems();
		problems.addAll(TopologyVerdict.pushing(plans));
		new TopologyRules(mode, problems).check(plans);
		for (DeadLetterRules rules : topology.deadLetters()) {
			problems.addAll(rules.check(plans, mode));
		}
		if (mode != TopologyMode.VALIDATE && !topology.isPart()) {
			problems.addAll(new Surroundings(this.management, mode, plans, this.unanswered)
				.problems(this.standAlone.getAsBoolean()));
		}
		return problems;
	}

	/**
	 * What can be written.
	 *
	 * @param version the server's version
	 * @param plans the streams and consumers
	 * @param schedules the schedules
	 */
	private record Prepared(String version, List<StreamPlan> plans, List<DeclaredSchedule> schedules) {
	}

}
