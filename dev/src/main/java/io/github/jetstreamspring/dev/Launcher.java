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

package io.github.jetstreamspring.dev;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

import javax.tools.ToolProvider;

/**
 * Compiles the {@link NatsServerProvider} and runs it, as the build needs a server before
 * it has compiled anything. It is run from its source, in the project's root, and needs
 * nothing of the other files until then: up to Java 21 such a program is a single file.
 */
final class Launcher {

	private static final String SOURCES = "dev/src/main/java";

	private static final String PROVIDER = "io.github.jetstreamspring.dev.NatsServerProvider";

	private Launcher() {
	}

	public static void main(String[] arguments) throws Exception {
		System.exit(launch(Path.of(SOURCES), arguments));
	}

	static int launch(Path sources, String... arguments) throws Exception {
		// A folder of its own: builds may run at once
		Path classes = Files.createTempDirectory("nats-server-provider-");
		try {
			Path provider = sources.resolve(PROVIDER.replace('.', '/') + ".java");
			// A class path of its own: javac would not compile again what is on the
			// machine's
			int result = ToolProvider.getSystemJavaCompiler()
				.run(null, null, null, "-proc:none", "-encoding", "UTF-8", "-classpath", classes.toString(),
						"-sourcepath", sources.toString(), "-d", classes.toString(), provider.toString());
			return (result != 0) ? result : run(classes, arguments);
		}
		finally {
			delete(classes);
		}
	}

	private static int run(Path classes, String... arguments) throws Exception {
		URL[] urls = { classes.toUri().toURL() };
		try (URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
			return (int) loader.loadClass(PROVIDER).getMethod("run", String[].class).invoke(null, (Object) arguments);
		}
	}

	private static void delete(Path directory) throws IOException {
		try (Stream<Path> files = Files.walk(directory)) {
			files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
		}
	}

}
