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

package io.github.jetstreamspring.boot.modulith;

import java.lang.reflect.Method;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.MethodBeforeAdvice;
import org.springframework.aop.support.StaticMethodMatcherPointcutAdvisor;
import org.springframework.modulith.events.core.EventPublicationRegistry;
import org.springframework.modulith.events.core.EventPublicationRepository;

/**
 * Learns which event publication a thread works at.
 * <p>
 * An externalizer is given the event only, and equal events can't be told apart by that.
 * But right before a listener is called, on its thread, the registry marks its
 * publication as being processed, and asks the repository to do so by the publication's
 * id.
 */
class PublicationIdAdvisor extends StaticMethodMatcherPointcutAdvisor {

	private static final long serialVersionUID = 1L;

	private static final String MARK = "markProcessing";

	private final transient ThreadLocal<UUID> current = new ThreadLocal<>();

	PublicationIdAdvisor() {
		setAdvice((MethodBeforeAdvice) (method, arguments, target) -> {
			if (arguments[0] instanceof UUID id) {
				this.current.set(id);
			}
			else {
				// The registry, which may know no publication
				this.current.remove();
			}
		});
		setClassFilter((type) -> EventPublicationRegistry.class.isAssignableFrom(type)
				|| EventPublicationRepository.class.isAssignableFrom(type));
	}

	@Override
	public boolean matches(Method method, Class<?> targetClass) {
		return method.getName().equals(MARK);
	}

	/**
	 * Returns the id of the publication that this thread works at, once.
	 * @return the id, or {@code null} if the event isn't recorded
	 */
	@Nullable UUID take() {
		UUID id = this.current.get();
		this.current.remove();
		return id;
	}

}
