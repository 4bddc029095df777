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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.nats.client.api.Mirror;
import io.nats.client.api.Source;
import io.nats.client.api.SourceBase;
import io.nats.client.api.StreamConfiguration;

/**
 * Streams that copy from each other in circles, or from themselves. The server refuses
 * the one that closes the circle.
 */
final class SourceCircles {

	private final Map<String, Comparison<StreamConfiguration>> streams = new LinkedHashMap<>();

	private final TopologyMode mode;

	// Each circle once, wherever it begins
	private final Set<Set<String>> found = new HashSet<>();

	private final List<TopologyProblem> problems = new ArrayList<>();

	private SourceCircles(List<Comparison<StreamConfiguration>> streams, TopologyMode mode) {
		for (Comparison<StreamConfiguration> stream : streams) {
			this.streams.put(stream.declared().stream(), stream);
		}
		this.mode = mode;
	}

	static List<TopologyProblem> in(List<Comparison<StreamConfiguration>> streams, TopologyMode mode) {
		SourceCircles circles = new SourceCircles(streams, mode);
		for (Comparison<StreamConfiguration> stream : streams) {
			circles.follow(List.of(stream));
		}
		return circles.problems;
	}

	private void follow(List<Comparison<StreamConfiguration>> path) {
		for (String origin : origins(path.get(path.size() - 1).outcome(this.mode))) {
			Comparison<StreamConfiguration> next = this.streams.get(origin);
			if (next != null && next.equals(path.get(0))) {
				add(path);
			}
			else if (next != null && !path.contains(next)) {
				List<Comparison<StreamConfiguration>> longer = new ArrayList<>(path);
				longer.add(next);
				follow(longer);
			}
		}
	}

	private void add(List<Comparison<StreamConfiguration>> circle) {
		List<String> names = circle.stream().map((stream) -> stream.declared().stream()).toList();
		boolean written = circle.stream().anyMatch((stream) -> stream.isToBeWritten(this.mode));
		if (written && this.found.add(Set.copyOf(names))) {
			Comparison<StreamConfiguration> first = circle.get(0);
			Setting<?, ?, ?> setting = (first.outcome(this.mode).getMirror() != null) ? StreamSettings.mirror()
					: StreamSettings.sources();
			this.problems.add(new TopologyProblem(first.declared().key() + "." + setting.key(),
					(circle.size() == 1) ? "can't be the stream itself" : "form a circle: %s copies from %s"
						.formatted(String.join(" copies from ", names), names.get(0)),
					"Messages would go round without end: name another stream."));
		}
	}

	private static List<String> origins(StreamConfiguration stream) {
		List<String> origins = new ArrayList<>();
		Mirror mirror = stream.getMirror();
		if (mirror != null && isHere(mirror)) {
			origins.add(mirror.getName());
		}
		if (stream.getSources() != null) {
			for (Source source : stream.getSources()) {
				if (isHere(source) && comesBack(source, stream)) {
					origins.add(source.getName());
				}
			}
		}
		return origins;
	}

	private static boolean isHere(SourceBase source) {
		return source.getName() != null && source.getExternal() == null;
	}

	/**
	 * The server takes it for a circle only when the stream stores such messages, too.
	 */
	private static boolean comesBack(Source source, StreamConfiguration stream) {
		String filter = source.getFilterSubject();
		return filter == null || Subjects.overlap(List.of(filter), Subjects.storedBy(stream));
	}

}
