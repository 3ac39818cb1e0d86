import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { installBridge } from './bridge'
import { pickBridge } from './bridge/pick'
import { makeI18n } from './i18n'
import { makeRouter } from './router'
import 'element-plus/theme-chalk/base.css'
import './styles/index.css'

const app = createApp(App)
installBridge(app, await pickBridge())
app.use(createPinia()).use(makeI18n()).use(makeRouter()).mount('#app')
