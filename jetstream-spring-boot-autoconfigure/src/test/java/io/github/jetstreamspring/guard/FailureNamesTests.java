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
package io.github.jetstreamspring.guard;

import java.util.HashSet;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FailureNames}.
 */
@SuppressWarnings("serial")
class FailureNamesTests {

	private final FailureNames names = new FailureNames();

	@Test
	void namesAreThoseOfTheClasses() {
		assertThat(this.names.of(new IllegalStateException())).isEqualTo("IllegalStateException");
		assertThat(this.names.of(new RuntimeException() {
		})).isEqualTo("FailureNamesTests$1");
		assertThat(this.names.of(null)).isEqualTo("none");
	}

	@Test
	void whenThereAreTooManyKindsThenTheRestHasOneName() throws Exception {
		Set<String> all = new HashSet<>();
		for (int i = 0; i < 300; i++) {
			all.add(this.names.of(newKind()));
		}
		assertThat(all).contains("other");
		assertThat(this.names.of(new IllegalStateException())).isEqualTo("other");
	}

	// As many classes with one name as there are class loaders
	private static Throwable newKind() throws Exception {
		return (Throwable) new Kinds().loadClass(LoadedFailure.class.getName()).getDeclaredConstructor().newInstance();
	}

	private static final class Kinds extends ClassLoader {

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			if (!name.equals(LoadedFailure.class.getName())) {
				return super.loadClass(name, resolve);
			}
			try (java.io.InputStream in = FailureNamesTests.class.getResourceAsStream("LoadedFailure.class")) {
				byte[] code = in.readAllBytes();
				return defineClass(name, code, 0, code.length);
			}
			catch (java.io.IOException ex) {
				throw new ClassNotFoundException(name, ex);
			}
		}

	}

}
