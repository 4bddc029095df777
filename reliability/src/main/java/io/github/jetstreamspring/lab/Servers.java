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

package io.github.jetstreamspring.lab;

import java.util.List;
import java.util.stream.IntStream;

import io.github.jetstreamspring.test.EmbeddedNatsCluster;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import org.jspecify.annotations.Nullable;

/**
 * One server, or a cluster of three.
 */
final class Servers implements AutoCloseable {

	private final List<EmbeddedNatsServer> all;

	private final @Nullable EmbeddedNatsCluster cluster;

	private Servers(List<EmbeddedNatsServer> all, @Nullable EmbeddedNatsCluster cluster) {
		this.all = all;
		this.cluster = cluster;
	}

	static Servers start(boolean cluster) {
		if (!cluster) {
			return new Servers(List.of(EmbeddedNatsServer.start()), null);
		}
		EmbeddedNatsCluster started = EmbeddedNatsCluster.start();
		return new Servers(IntStream.range(0, started.urls().size()).mapToObj(started::server).toList(), started);
	}

	List<EmbeddedNatsServer> all() {
		return this.all;
	}

	EmbeddedNatsServer first() {
		return this.all.get(0);
	}

	/**
	 * Returns the server that leads a stream.
	 * @param stream the stream
	 */
	EmbeddedNatsServer leader(String stream) {
		return (this.cluster != null) ? this.cluster.leaderOf(stream) : first();
	}

	int replicas() {
		return this.all.size();
	}

	@Override
	public void close() {
		if (this.cluster != null) {
			this.cluster.close();
		}
		else {
			first().close();
		}
	}

}
