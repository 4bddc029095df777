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

package io.github.jetstreamspring.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * What an application with many listeners is made of: streams of up to a hundred
 * consumers, and classes with an annotated method for each consumer, as somebody would
 * have written them.
 */
final class ManyQueues {

	private static final int PER_STREAM = 100;

	private static final int PER_CLASS = 50;

	private static final String PACKAGE = ManyQueues.class.getPackageName();

	private final int listeners;

	ManyQueues(int listeners) {
		this.listeners = listeners;
	}

	static String stream(int listener) {
		return "queue-" + listener / PER_STREAM;
	}

	static String subject(int listener) {
		return stream(listener) + "." + listener;
	}

	private static String consumer(int listener) {
		return "worker-" + listener;
	}

	List<String> streams() {
		List<String> streams = new ArrayList<>();
		for (int listener = 0; listener < this.listeners; listener += PER_STREAM) {
			streams.add(stream(listener));
		}
		return streams;
	}

	String yaml(String url) {
		StringBuilder yaml = new StringBuilder("""
				spring.application.name: many-listeners
				logging.level.root: warn
				jetstream:
				  servers: %s
				  streams:
				""".formatted(url));
		for (int listener = 0; listener < this.listeners; listener++) {
			if (listener % PER_STREAM == 0) {
				yaml.append("""
						    %s:
						      subjects: %s.>
						      consumers:
						""".formatted(stream(listener), stream(listener)));
			}
			yaml.append("""
					        %s:
					          filter-subjects: %s
					""".formatted(consumer(listener), subject(listener)));
		}
		return yaml.toString();
	}

	/**
	 * Compiles the classes with the listeners.
	 * @param jar the application they belong to
	 * @param folder where to
	 * @return their names
	 */
	List<String> compile(Path jar, Path folder) throws IOException {
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		if (compiler == null) {
			throw new IllegalStateException("This needs a JDK, as listeners have to be compiled");
		}
		List<String> names = new ArrayList<>();
		List<String> arguments = new ArrayList<>(
				List.of("-proc:none", "-nowarn", "-cp", jar.toString(), "-d", folder.toString()));
		Files.createDirectories(folder);
		for (int first = 0; first < this.listeners; first += PER_CLASS) {
			String name = "Listeners" + first;
			Path source = folder.resolve(name + ".java");
			Files.writeString(source, source(name, first, Math.min(first + PER_CLASS, this.listeners)));
			arguments.add(source.toString());
			names.add(PACKAGE + "." + name);
		}
		if (compiler.run(null, null, null, arguments.toArray(String[]::new)) != 0) {
			throw new IllegalStateException("The listeners can't be compiled");
		}
		return names;
	}

	private static String source(String name, int first, int end) {
		StringBuilder source = new StringBuilder("""
				package %s;
				class %s {
				""".formatted(PACKAGE, name));
		for (int listener = first; listener < end; listener++) {
			source.append("""
					@io.github.jetstreamspring.annotation.JetStreamListener(stream = "%s", consumer = "%s")
					void handle%d(byte[] payload) {
						ManyListenersApplication.handle(payload);
					}
					""".formatted(stream(listener), consumer(listener), listener));
		}
		return source.append("}").toString();
	}

}
