import { holdRules } from './hold-rules.ts'

holdRules(1_001, 100)
