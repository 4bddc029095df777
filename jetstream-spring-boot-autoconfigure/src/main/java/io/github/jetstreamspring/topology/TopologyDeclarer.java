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
import java.util.function.Supplier;

import io.nats.client.JetStreamManagement;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * Compares streams and consumers with the server, setting by setting, and creates or
 * updates them. Everything is checked before anything is written, and nothing is written
 * when nothing differs. What is on the server but not in the topology is left alone,
 * except schedules that this application declared before.
 * <p>
 * Several applications can declare the same at the same time.
 *
 * @since 0.1.0
 */
public final class TopologyDeclarer {

	private final JetStreamManagement management;

	private final Supplier<String> serverVersion;

	private final TopologyMode mode;

	private volatile @Nullable String owner;

	/**
	 * Creates a declarer.
	 * @param management access to the server's streams and consumers
	 * @param serverVersion returns the version of the connected server, such as
	 * {@code 2.12.1}
	 * @param mode what is done about streams and consumers that are missing or differ
	 */
	public TopologyDeclarer(JetStreamManagement management, Supplier<String> serverVersion, TopologyMode mode) {
		this.management = management;
		this.serverVersion = serverVersion;
		this.mode = mode;
	}

	/**
	 * Sets whose schedules these are.
	 * @param owner the name of the application, the same for all its instances, by which
	 * its schedules are told from those of others; without one, schedules that are no
	 * longer declared stay on the server
	 * @return this declarer
	 */
	public TopologyDeclarer ownedBy(@Nullable String owner) {
		this.owner = StringUtils.hasText(owner) ? owner : null;
		return this;
	}

	/**
	 * Declares streams and consumers.
	 * @param topology what shall be on the server
	 * @return what became of each stream and consumer; nothing in mode
	 * {@link TopologyMode#NONE}
	 * @throws TopologyException if something is wrong. If it could be known without
	 * writing, nothing was written; what the server itself refuses to write stays out,
	 * while everything else was written.
	 */
	public List<TopologyResult> declare(Topology topology) {
		if (this.mode == TopologyMode.NONE) {
			return List.of();
		}
		List<TopologyProblem> problems = new ArrayList<>(topology.conflicts());
		String version = this.serverVersion.get();
		ServerVersion server = ServerVersion.of(version);
		List<StreamPlan> plans = new TopologyPlanner(this.management, new SettingsCheck(version), problems)
			.plan(topology);
		problems.addAll(TopologyVerdict.of(plans, this.mode, server));
		new TopologyRules(this.mode, problems).check(plans);
		ScheduleDeclarer schedules = new ScheduleDeclarer(this.management, version, this.mode, this.owner, problems);
		List<DeclaredSchedule> declared = schedules.plan(topology, plans);
		throwIfAny(problems);
		List<TopologyResult> results = new TopologyWriter(this.management, server, this.mode, problems).write(plans);
		throwIfAny(problems);
		// Not before their streams are what they shall be
		schedules.write(topology, declared, plans);
		throwIfAny(problems);
		return List.copyOf(results);
	}

	private static void throwIfAny(List<TopologyProblem> problems) {
		if (!problems.isEmpty()) {
			throw new TopologyException(problems);
		}
	}

}
