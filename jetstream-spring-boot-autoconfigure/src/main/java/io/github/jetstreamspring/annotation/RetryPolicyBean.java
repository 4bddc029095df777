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

package io.github.jetstreamspring.annotation;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.github.jetstreamspring.listener.ListenerDefinition;
import io.github.jetstreamspring.listener.ListenerSettings;
import io.github.jetstreamspring.listener.RetryPolicy;
import io.github.jetstreamspring.messaging.CandidateBeans;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * The retry policy of the application, if it has one as a bean, for all listeners that
 * have no settings of their own for retries and name no policy.
 *
 * @param policy the policy, or {@code null} if there is none
 * @param settings tell which listeners have settings of their own
 */
record RetryPolicyBean(@Nullable RetryPolicy policy, ListenerSettings settings) {

	private static final Log logger = LogFactory.getLog(RetryPolicyBean.class);

	/**
	 * Finds the policy.
	 * @param beanFactory has the beans
	 * @param settings tell which listeners have settings of their own
	 * @param named the beans that listeners name
	 */
	static RetryPolicyBean of(ConfigurableListableBeanFactory beanFactory, ListenerSettings settings,
			Set<String> named) {
		List<String> candidates = CandidateBeans.names(beanFactory, RetryPolicy.class);
		RetryPolicy policy = switch (candidates.size()) {
			case 0 -> null;
			case 1 -> beanFactory.getBean(candidates.get(0), RetryPolicy.class);
			default -> beanFactory.getBeanProvider(RetryPolicy.class).getIfUnique();
		};
		List<String> unused = new ArrayList<>(candidates);
		unused.removeAll(named);
		if (policy == null && !unused.isEmpty()) {
			logger.warn(
					"None of the beans %s is used, as there is more than one RetryPolicy; mark one as @Primary, or name it where it is to be used"
						.formatted(unused));
		}
		if (policy != null && settings.hasRetryDefaults()) {
			logger.warn(
					"jetstream.listener.retry is not used, but for schedule-after, as there is a bean of type RetryPolicy; remove one of them");
		}
		return new RetryPolicyBean(policy, settings);
	}

	/**
	 * Applies the policy to a listener, unless it has something else.
	 * @param definition the listener
	 * @param named the bean that it names as its policy, {@code null} if it names none
	 */
	ListenerDefinition applyTo(ListenerDefinition definition, @Nullable String named) {
		return (this.policy == null || named != null || this.settings.hasRetry(definition.id())) ? definition
				: definition.retryPolicy(this.policy);
	}

}
